// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { readTable } from '../fits/table.js';
import { openImage } from '../image/open.js';
import { encoded } from '../image/picture.js';
import { displayFrame } from '../wcs/display.js';
import type { ExportOptions } from './export-source.js';
import { type MadeFile, type PictureSource, requiredFile, wholeFile } from './exported-file.js';
import { previewOf } from './preview.js';

interface Circle {
  x: number;
  y: number;
  colour: string;
  /** Of the picture's width. */
  radius: number;
}

const FOUND = '#ff5a4d';
const REFERENCE = '#4dff88';

async function chart(
  source: PictureSource,
  stars: readonly Circle[],
  options: ExportOptions,
): Promise<MadeFile> {
  const image = await openImage(source.imagePath, { extension: source.extension });
  const { picture, size } = await previewOf(image, options);
  const { width, height } = size;
  const frame = displayFrame(image, image);
  const circles = stars.map(({ x, y, colour, radius }) => {
    const [px, py] = frame.toPicture(x, y);
    const [cx, cy] = [(px / frame.width) * width, (py / frame.height) * height];
    const r = Math.max(3, radius * width);
    return `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${r.toFixed(1)}" stroke="${colour}"/>`;
  });
  const stroke = Math.max(1, width / 900);
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none" stroke-width="${stroke}">${circles.join('')}</g></svg>`;
  const drawn = picture.composite([{ input: Buffer.from(overlay) }]).jpeg({ quality: 88 });
  return wholeFile(await encoded(image, drawn.toBuffer()));
}

/** Every star that was found. */
export async function exportExtraction(source: PictureSource, options: ExportOptions): Promise<MadeFile> {
  const stars = await readTable(await requiredFile(source, 'solution.axy'));
  return chart(source, circlesOf(stars.column('X'), stars.column('Y'), FOUND, 0.006), options);
}

/** The matched stars: where they were found, and where the solution puts the reference stars. */
export async function exportRedGreen(source: PictureSource, options: ExportOptions): Promise<MadeFile> {
  const pairs = await readTable(await requiredFile(source, 'solution.corr'));
  const found = circlesOf(pairs.column('FIELD_X'), pairs.column('FIELD_Y'), FOUND, 0.007);
  const reference = circlesOf(pairs.column('INDEX_X'), pairs.column('INDEX_Y'), REFERENCE, 0.0045);
  return chart(source, [...found, ...reference], options);
}

/** `x` and `y` are columns of one table. */
function circlesOf(x: Float64Array, y: Float64Array, colour: string, radius: number): Circle[] {
  return Array.from(x, (value, index) => ({ x: value, y: y[index]!, colour, radius }));
}
