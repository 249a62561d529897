import type { Tiff, TiffDirectory } from './tiff.js';

const NEW_SUBFILE_TYPE = 254;
const WIDTH = 256;
const HEIGHT = 257;
const BITS_PER_SAMPLE = 258;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const ORIENTATION = 274;
const SAMPLES_PER_PIXEL = 277;
const PREDICTOR = 317;
const SAMPLE_FORMAT = 339;
const MAX_PAGES = 100;
/** Bits of NewSubfileType: a smaller version of another page, and a mask for it. */
const REDUCED = 1;
const MASK = 4;

/** One picture of a TIFF file, as its directory describes it. */
export interface TiffPage {
  /** In the order of the file, from 0, as decoders count them. */
  index: number;
  width: number;
  height: number;
  bits: number;
  /** 1 unsigned, 2 signed, 3 floating point, 5 and 6 complex. */
  sampleFormat: number;
  samples: number;
  compression: number;
  photometric: number;
  predictor: number;
  /** EXIF Orientation, 1 to 8. */
  orientation: number;
  /** A mask, or a smaller version of another page. */
  secondary: boolean;
  directory: TiffDirectory;
}

/** The pages of a TIFF file; directories that lead in a circle are visited once. */
export async function readPages(tiff: Tiff): Promise<TiffPage[]> {
  const pages: TiffPage[] = [];
  const visited = new Set<number>();
  for (let offset = tiff.first; offset !== 0 && !visited.has(offset) && visited.size < MAX_PAGES; ) {
    visited.add(offset);
    const directory = await tiff.directory(offset);
    if (!directory) break;
    const first = async (tag: number, missing: number) =>
      (await tiff.uints(directory.entries.get(tag), 1))[0] ?? missing;
    const type = await first(NEW_SUBFILE_TYPE, 0);
    pages.push({
      index: pages.length,
      width: await first(WIDTH, 0),
      height: await first(HEIGHT, 0),
      bits: await first(BITS_PER_SAMPLE, 1),
      sampleFormat: await first(SAMPLE_FORMAT, 1),
      samples: await first(SAMPLES_PER_PIXEL, 1),
      compression: await first(COMPRESSION, 1),
      photometric: await first(PHOTOMETRIC, 1),
      predictor: await first(PREDICTOR, 1),
      orientation: await first(ORIENTATION, 1),
      secondary: (type & (REDUCED | MASK)) !== 0,
      directory,
    });
    offset = directory.next;
  }
  return pages;
}

/** The largest page that is no mask and no smaller version of another; of equal ones the first. */
export function choosePage(pages: readonly TiffPage[]): TiffPage | undefined {
  const proper = pages.filter(({ secondary }) => !secondary);
  const [first, ...others] = proper.length > 0 ? proper : pages;
  const pixels = ({ width, height }: TiffPage) => width * height;
  return first && others.reduce((best, page) => (pixels(page) > pixels(best) ? page : best), first);
}
