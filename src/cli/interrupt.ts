import { constants } from 'node:os';

/** A reader that has seen enough (`| head`) ends the program without a word, as SIGPIPE would. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 128 + constants.signals.SIGPIPE : 1);
    });
  }
}
