import sharp from 'sharp';
import { openImage } from '../image/open.js';
import { readColumns } from '../solver/tables.js';
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
  const { X: xs = [], Y: ys = [] } = readColumns(await requiredFile(source, 'solution.axy'));
  const rings = xs.map((x, index) => ({ x, y: ys[index]!, colour: FOUND, radius: 0.006 }));
  return chart(source, 'extraction.jpg', rings, options);
}

/** The matched stars: where they were found, and where the solution puts the reference stars. */
export async function exportRedGreen(source: ExportSource, options: ExportOptions): Promise<ExportedFile> {
  const columns = readColumns(await requiredFile(source, 'solution.corr'));
  const rings = (x: string, y: string, colour: string, radius: number) =>
    (columns[x] ?? []).map((value, index) => ({ x: value, y: columns[y]![index]!, colour, radius }));
  const found = rings('FIELD_X', 'FIELD_Y', FOUND, 0.007);
  const reference = rings('INDEX_X', 'INDEX_Y', REFERENCE, 0.0045);
  return chart(source, 'red-green.jpg', [...found, ...reference], options);
}
