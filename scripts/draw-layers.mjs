// `node scripts/draw-layers.mjs`: the layers of scripts/layers.mjs as docs/images/layers.svg; `--check` fails when the
// picture that is there shows others.
import { readFile, writeFile } from 'node:fs/promises';
import { argv, exit } from 'node:process';
import { BANDS } from './layers.mjs';

const FILE = new URL('../docs/images/layers.svg', import.meta.url);
const [WIDTH, MARGIN, LABEL, GAP, BOX, PER_ROW] = [980, 20, 108, 10, 50, 3];
const FONT = 'font-family="system-ui, sans-serif"';

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function drawBox({ modules, subject }, x, y, width) {
  const names = modules.map((name) => (name.endsWith('.ts') ? name : `${name}/`)).join(' · ');
  const size = names.length > 30 ? 9.5 : 13;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${BOX}" rx="5" fill="#ffffff" stroke="#5b6b86"/>`,
    `<text x="${x + 10}" y="${y + 20}" ${FONT} font-size="${size}" font-weight="600" fill="#16202f">${escaped(names)}</text>`,
    `<text x="${x + 10}" y="${y + 38}" ${FONT} font-size="11" fill="#44516a">${escaped(subject)}</text>`,
  ].join('\n');
}

function draw() {
  const parts = [];
  let y = MARGIN;
  for (const { band, layers } of BANDS.toReversed()) {
    const rows = Math.ceil(layers.length / PER_ROW);
    const height = rows * (BOX + GAP) + GAP;
    parts.push(
      `<rect x="${MARGIN}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="${height}" rx="8" fill="#eef2f8"/>`,
      `<text x="${MARGIN + 12}" y="${y + height / 2 + 4}" ${FONT} font-size="12" fill="#44516a">${escaped(band)}</text>`,
    );
    const breadth = WIDTH - 2 * MARGIN - LABEL - GAP;
    // Highest layer first, so that in the picture imports point to the right and downwards.
    for (const [index, layer] of layers.toReversed().entries()) {
      const row = Math.floor(index / PER_ROW);
      const inRow = Math.min(PER_ROW, layers.length - row * PER_ROW);
      const width = breadth / inRow - GAP;
      parts.push(
        drawBox(
          layer,
          MARGIN + LABEL + (index % PER_ROW) * (width + GAP),
          y + GAP + row * (BOX + GAP),
          width,
        ),
      );
    }
    y += height + GAP;
  }
  const height = y - GAP + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    '<title>The modules of Astro Jobs in layers: imports point to the right and downwards</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

const drawn = draw();
if (!argv.includes('--check')) await writeFile(FILE, drawn);
else if ((await readFile(FILE, 'utf8').catch(() => '')) !== drawn) {
  console.error(
    'docs/images/layers.svg shows other layers than scripts/layers.mjs: node scripts/draw-layers.mjs',
  );
  exit(1);
}
