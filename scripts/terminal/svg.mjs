/*
 * Screens of a terminal as an SVG; several are shown one after another, the last for longest.
 */
import { runsOf } from './ansi.mjs';

const [CELL_WIDTH, CELL_HEIGHT, SIZE, MARGIN] = [8.4, 18, 14, 14];
const HOLD_SECONDS = 6;
const THEMES = {
  dark: {
    back: '#1b1e26',
    text: '#d8dce6',
    colours: ['#5a6070', '#ff7b72', '#6fd08c', '#e3b341', '#79b8ff', '#d2a8ff', '#56d4dd', '#d8dce6'],
  },
  light: {
    back: '#ffffff',
    text: '#1f2328',
    colours: ['#1f2328', '#c0202b', '#117a37', '#8a6100', '#0b57b8', '#8033c4', '#0f6e78', '#59606a'],
  },
};

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const rounded = (value) => Number(value.toFixed(1));

function lineOf(runs, row, { text: plain, colours }) {
  return runs
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, column, colour, isBold, isDim }) => {
      const spaces = text.length - text.trimStart().length;
      const shown = text.trim();
      const width = rounded([...shown].length * CELL_WIDTH);
      const place = `x="${rounded(MARGIN + (column + spaces) * CELL_WIDTH)}" y="${rounded(MARGIN + (row + 0.75) * CELL_HEIGHT)}"`;
      const look = `fill="${colour === undefined ? plain : colours[colour]}"${isBold ? ' font-weight="bold"' : ''}${isDim ? ' opacity="0.65"' : ''}`;
      return `<text ${place} ${look} textLength="${width}" xml:space="preserve">${escaped(shown)}</text>`;
    })
    .join('');
}

/** @param {number[]} seconds how long each frame is shown */
function animation(seconds) {
  const total = seconds.reduce((sum, one) => sum + one, 0);
  let begun = 0;
  return seconds
    .map((one, index) => {
      const [from, to] = [begun, begun + one].map((at) => `${rounded((100 * at) / total)}%`);
      begun += one;
      const before = index === 0 ? '' : '0%{visibility:hidden}';
      const after =
        index === seconds.length - 1 ? '100%{visibility:visible}' : `${to},100%{visibility:hidden}`;
      return `@keyframes f${index}{${before}${from}{visibility:visible}${after}}.f${index}{animation:f${index} ${rounded(total)}s step-end infinite}`;
    })
    .join('');
}

/**
 * @param {readonly { screen: string, seconds: number }[]} frames
 * @param {{ columns: number, title: string, theme?: 'dark' | 'light' }} options
 */
export function terminalSvg(frames, { columns, title, theme = 'dark' }) {
  const look = THEMES[theme];
  const screens = frames.map(({ screen }) => runsOf(screen));
  const rows = Math.max(...screens.map(({ length }) => length));
  const width = rounded(columns * CELL_WIDTH + 2 * MARGIN);
  const height = rows * CELL_HEIGHT + 2 * MARGIN;
  const durations = frames.map(({ seconds }, index) =>
    index === frames.length - 1 ? HOLD_SECONDS : seconds,
  );
  const style = frames.length > 1 ? `<style>${animation(durations)}</style>` : '';
  const shown = screens.map((lines, index) => {
    const drawn = lines.map((runs, row) => lineOf(runs, row, look)).filter((line) => line !== '');
    return `<g${frames.length > 1 ? ` class="f${index}"` : ''}>\n${drawn.join('\n')}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}">
<title>${escaped(title)}</title>${style}
<rect width="${width}" height="${height}" rx="8" fill="${look.back}"${theme === 'light' ? ' stroke="#d0d7de"' : ''}/>
${shown.join('\n')}
</svg>
`;
}
