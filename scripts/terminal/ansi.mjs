/*
 * What `tmux capture-pane -e` gives: text with SGR sequences. Each line becomes runs of one look.
 */

/** @typedef {{ text: string, column: number, colour?: number, isBold: boolean, isDim: boolean }} Run */

const PLAIN = { colour: undefined, isBold: false, isDim: false };
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is told
const SGR = /\u001b\[([\d;]*)m/g;

function changed(look, code) {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, isBold: true };
  if (code === 2) return { ...look, isDim: true };
  if (code === 22) return { ...look, isBold: false, isDim: false };
  if (code === 39) return { ...look, colour: undefined };
  return code >= 30 && code <= 37 ? { ...look, colour: code - 30 } : look;
}

/**
 * The runs of each line, trailing empty lines left out.
 * @param {string} screen
 * @returns {Run[][]}
 */
export function runsOf(screen) {
  let look = PLAIN;
  const lines = screen.split('\n').map((line) => {
    const runs = [];
    let column = 0;
    let from = 0;
    const add = (text) => {
      if (text !== '') runs.push({ text, column, ...look });
      column += [...text].length;
    };
    for (const found of line.matchAll(SGR)) {
      add(line.slice(from, found.index));
      from = found.index + found[0].length;
      for (const code of found[1].split(';')) look = changed(look, Number(code));
    }
    add(line.slice(from));
    return runs;
  });
  while (lines.length > 0 && lines.at(-1).every(({ text }) => text.trim() === '')) lines.pop();
  return lines;
}
