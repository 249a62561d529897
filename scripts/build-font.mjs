// Builds data/font.json: outlines of the letters that the picture needs, from the typeface Inter (a development dependency),
// so that text is drawn as paths and never depends on the fonts of a system.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import opentype from 'opentype.js';

const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'));
const WEIGHTS = {
  regular: '500Medium/Inter_500Medium.ttf',
  bold: '600SemiBold/Inter_600SemiBold.ttf',
};
/** Latin with its accents, Greek, Cyrillic, and the signs of astronomy and typography. */
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x218, 0x21b],
  [0x391, 0x3a9],
  [0x3b1, 0x3c9],
  [0x400, 0x45f],
  [0x2070, 0x2079],
];
const SIGNS = '–—‘’“”•…′″−×→↑ÅμΩ□';
/** Whole numbers of a thousandth of the type size are finer than any pixel. */
const UNITS = 1000;

const characters = new Set(SIGNS);
for (const [first, last] of RANGES)
  for (let code = first; code <= last; code++) characters.add(String.fromCodePoint(code));
const ordered = [...characters].sort((a, b) => a.codePointAt(0) - b.codePointAt(0));

function outlines(file) {
  const bytes = readFileSync(join(folder, file));
  const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const scale = UNITS / font.unitsPerEm;
  const number = (value) => Math.round(value * scale);
  const glyphs = {};
  for (const character of ordered) {
    const glyph = font.charToGlyph(character);
    if (glyph.index === 0) continue;
    const path = glyph.path.commands
      .map(({ type, x, y, x1, y1, x2, y2 }) => {
        const points = { M: [x, y], L: [x, y], Q: [x1, y1, x, y], C: [x1, y1, x2, y2, x, y], Z: [] }[type];
        // Type grows upwards, SVG downwards.
        return type + points.map((value, i) => (i % 2 === 0 ? number(value) : -number(value))).join(' ');
      })
      .join('');
    glyphs[character] = [number(glyph.advanceWidth), path];
  }
  return { glyphs, capHeight: number(font.tables.os2.sCapHeight), xHeight: number(font.tables.os2.sxHeight) };
}

const document = { units: UNITS };
for (const [weight, file] of Object.entries(WEIGHTS)) document[weight] = outlines(file);
const target = fileURLToPath(new URL('../data/font.json', import.meta.url));
const text = `${JSON.stringify(document)}\n`;
writeFileSync(target, text);
console.log(
  `${Object.keys(document.regular.glyphs).length} glyphs in ${Object.keys(WEIGHTS).length} weights, ${text.length} bytes`,
);
