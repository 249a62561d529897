/** A reader of a log notices no delay of this length, milliseconds. */
const BATCH_MS = 20;
const BATCH_CHARACTERS = 65_536;

/**
 * Lines, written many at a time: writing to a pipe holds up the whole process, each time. What is left is written when the process ends.
 */
export function batchedLines(write: (text: string) => void): (line: string) => void {
  let batch = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const text = batch;
    batch = '';
    if (text !== '') write(text);
  };
  process.once('exit', flush);
  return (line) => {
    batch += line;
    if (batch.length >= BATCH_CHARACTERS) flush();
    else timer ??= setTimeout(flush, BATCH_MS);
  };
}
