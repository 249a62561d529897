import sharp from 'sharp';
import { readTable } from '../fits/table.js';
import { openImage } from '../image/open.js';
import {
  type ExportedFile,
  type ExportOptions,
  type ExportSource,
  requiredFile,
  wholeFile,
} from './exported-file.js';
import { toDisplay } from './geometry.js';
import { pictureOf } from './preview.js';

interface Ring {
  x: number;
  y: number;
  colour: string;
  /** Of the picture's width. */
  radius: number;
}

const FOUND = '#ff5a4d';
const REFERENCE = '#4dff88';

async function chart(
  source: ExportSource,
  name: string,
  rings: readonly Ring[],
  options: ExportOptions,
): Promise<ExportedFile> {
  const image = await openImage(source.imagePath);
  const picture = await pictureOf(image, options.width ?? Math.max(1, image.width), options.signal);
  const base = await picture.png({ compressionLevel: 1 }).toBuffer({ resolveWithObject: true });
  const { width, height } = base.info;
  const place = toDisplay(image);
  const circles = rings.map(({ x, y, colour, radius }) => {
    const [u, v] = place(x, y);
    const r = Math.max(3, radius * width);
    return `<circle cx="${(u * width).toFixed(1)}" cy="${(v * height).toFixed(1)}" r="${r.toFixed(1)}" stroke="${colour}"/>`;
  });
  const stroke = Math.max(1, width / 900);
  const overlay = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g fill="none" stroke-width="${stroke}">${circles.join('')}</g></svg>`;
  const drawn = sharp(base.data)
    .composite([{ input: Buffer.from(overlay) }])
    .jpeg({ quality: 88 });
  return wholeFile(name, 'image/jpeg', await drawn.toBuffer());
}

/** Every star that was found. */
export async function exportExtraction(source: ExportSource, options: ExportOptions): Promise<ExportedFile> {
  const stars = await readTable(await requiredFile(source, 'solution.axy'));
  return chart(source, 'extraction.jpg', rings(stars.column('X'), stars.column('Y'), FOUND, 0.006), options);
}

/** The matched stars: where they were found, and where the solution puts the reference stars. */
export async function exportRedGreen(source: ExportSource, options: ExportOptions): Promise<ExportedFile> {
  const pairs = await readTable(await requiredFile(source, 'solution.corr'));
  const found = rings(pairs.column('FIELD_X'), pairs.column('FIELD_Y'), FOUND, 0.007);
  const reference = rings(pairs.column('INDEX_X'), pairs.column('INDEX_Y'), REFERENCE, 0.0045);
  return chart(source, 'red-green.jpg', [...found, ...reference], options);
}

function rings(x: Float64Array, y: Float64Array, colour: string, radius: number): Ring[] {
  return Array.from(x, (value, index) => ({ x: value, y: y[index]!, colour, radius }));
}
