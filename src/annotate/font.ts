// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { readFileSync } from 'node:fs';
import { packageFile } from '../package-files.js';
import type { Weight } from './lettering.js';

/** What scripts/build-font.mjs writes: character → [advance, outline], in thousandths of the type size, y downwards. */
interface FontFile {
  units: number;
  regular: FontWeight;
  bold: FontWeight;
}
interface FontWeight {
  glyphs: Record<string, [advance: number, outline: string]>;
  capHeight: number;
  xHeight: number;
}

/** Drawn for a character that the typeface does not have. */
const MISSING = '□';

let font: FontFile | undefined;

function weightOf(weight: Weight): FontWeight {
  font ??= JSON.parse(readFileSync(packageFile('data', 'font.json'), 'utf8')) as FontFile;
  return font[weight];
}

/** A glyph of the typeface; every weight has the one that is drawn for missing characters. */
const glyphOf = ({ glyphs }: FontWeight, character: string) => glyphs[character] ?? glyphs[MISSING]!;

/** Text without what cannot be seen, in the form in which accents are one character with their letter. */
function visible(text: string): string[] {
  const composed = text.normalize('NFC').replace(/[\p{Cf}\p{Mn}]/gu, '');
  return [...composed.replace(/[\p{C}\p{Z}]/gu, ' ')];
}

/** Width of a line of text, in the unit of `size`. */
export function textWidth(text: string, size: number, weight: Weight = 'regular'): number {
  const face = weightOf(weight);
  const advance = visible(text).reduce((sum, character) => sum + glyphOf(face, character)[0], 0);
  return (advance * size) / 1000;
}

/** Height of a capital letter above the baseline, in the unit of `size`. */
export function capHeight(size: number, weight: Weight = 'regular'): number {
  return (weightOf(weight).capHeight * size) / 1000;
}

/**
 * Text as one outline that starts at the origin of its baseline: path data in thousandths of the type size.
 * One path for the whole line, so that a halo around it never covers a neighbouring letter.
 */
export function textOutline(text: string, weight: Weight = 'regular'): string {
  const face = weightOf(weight);
  let [x, path] = [0, ''];
  for (const character of visible(text)) {
    const [advance, outline] = glyphOf(face, character);
    path += shifted(outline, x);
    x += advance;
  }
  return path;
}

/** Absolute path data moved to the right. */
function shifted(outline: string, dx: number): string {
  if (dx === 0) return outline;
  return outline.replace(/[MLQC]([^MLQCZ]+)/g, (segment, points: string) => {
    const moved = points.split(' ').map((value, i) => (i % 2 === 0 ? Number(value) + dx : value));
    return segment[0] + moved.join(' ');
  });
}
