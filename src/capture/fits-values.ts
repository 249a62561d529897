import type { FitsHeader } from '../fits/header.js';

/** A value and the keyword under which it stood. */
export interface Found<T> {
  keyword: string;
  value: T;
}

/** Smallest to greatest value that makes sense. */
export type Bounds = readonly [number, number];

/** A number, also one with a unit behind it (`'11 C'`, `'530mm'`). */
export function looseNumber(header: FitsHeader, keyword: string): number | undefined {
  const value = header.number(keyword);
  if (value !== undefined) return value;
  const text = header.string(keyword);
  const found = text === undefined ? null : /^[+-]?(?:\d+\.?\d*|\.\d+)(?=\s*[A-Za-zµ°"]*$)/.exec(text);
  return found ? Number(found[0]) : undefined;
}

/** The first keyword that holds a number. */
export function firstNumber(header: FitsHeader, keywords: readonly string[]): Found<number> | undefined {
  for (const keyword of keywords) {
    const value = looseNumber(header, keyword);
    if (value !== undefined) return { keyword, value };
  }
  return undefined;
}

/** The first keyword that holds text. */
export function firstString(header: FitsHeader, keywords: readonly string[]): Found<string> | undefined {
  for (const keyword of keywords) {
    const value = header.string(keyword);
    if (value !== undefined) return { keyword, value };
  }
  return undefined;
}

const BINNING: readonly (readonly [string, string])[] = [
  ['XBINNING', 'YBINNING'],
  ['BINX', 'BINY'],
  ['XBIN', 'YBIN'],
  ['CCDXBIN', 'CCDYBIN'],
  ['BINNINGX', 'BINNINGY'],
  ['HBIN', 'VBIN'],
];
const MAX_BINNING = 32;

const isBinning = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= MAX_BINNING;

/** How many pixels of the sensor make one of the image, in x and y. */
export function readBinning(header: FitsHeader): Found<[number, number]> | undefined {
  for (const [x, y] of BINNING) {
    const horizontal = header.number(x);
    if (!isBinning(horizontal)) continue;
    const vertical = header.number(y);
    if (!isBinning(vertical)) return { keyword: x, value: [horizontal, horizontal] };
    return { keyword: `${x}, ${y}`, value: [horizontal, vertical] };
  }
  for (const keyword of ['BINNING', 'CCDSUM']) {
    const single = header.number(keyword);
    if (isBinning(single)) return { keyword, value: [single, single] };
    const pair = /^(\d{1,2})\s*(?:[x*×,]|\s)\s*(\d{1,2})$/i.exec(header.string(keyword) ?? '');
    const value = pair?.slice(1).map(Number);
    if (value?.every(isBinning)) return { keyword, value: value as [number, number] };
  }
  return undefined;
}

/** X and Y keyword of a pixel's size in µm, and whether its program counts the binning in. */
const PIXEL_SIZES: readonly { keywords: readonly [string, string]; binned: boolean }[] = [
  { keywords: ['XPIXSZ', 'YPIXSZ'], binned: true },
  { keywords: ['XPIXELSZ', 'YPIXELSZ'], binned: true },
  { keywords: ['PIXSIZE1', 'PIXSIZE2'], binned: false },
  { keywords: ['PIXSIZEX', 'PIXSIZEY'], binned: false },
  { keywords: ['XPIXSIZE', 'YPIXSIZE'], binned: false },
  { keywords: ['PIXSIZE', 'PIXSIZE'], binned: false },
];
export const PIXEL_SIZE_UM: Bounds = [0.4, 200];

export interface PixelSize extends Found<[number, number]> {
  /** Whether, by custom, the binning is in it already. */
  binned: boolean;
}

/** Sizes of the pixels in µm, as recorded, the first that make sense. */
export function readPixelSize(header: FitsHeader): PixelSize | undefined {
  const sensible = (value: number | undefined): value is number =>
    value !== undefined && value >= PIXEL_SIZE_UM[0] && value <= PIXEL_SIZE_UM[1];
  for (const { keywords, binned } of PIXEL_SIZES) {
    const [x, y] = keywords.map((keyword) => looseNumber(header, keyword));
    if (!sensible(x)) continue;
    if (!sensible(y)) return { keyword: keywords[0], value: [x, x], binned };
    return {
      keyword: keywords[0] === keywords[1] ? keywords[0] : keywords.join(', '),
      value: [x, y],
      binned,
    };
  }
  return undefined;
}

/** Shorter lenses see more than any star pattern needs; no telescope that people have is longer. */
export const FOCAL_LENGTH_MM: Bounds = [2, 40_000];

/** In mm, as recorded (FLENGTH: in metres), whether it makes sense or not. */
export function readFocalLength(header: FitsHeader): Found<number> | undefined {
  const millimetres = firstNumber(header, ['FOCALLEN', 'FOCAL', 'FOCALLENGTH', 'FOCLEN', 'TELFOCAL']);
  if (millimetres) return millimetres;
  const metres = looseNumber(header, 'FLENGTH');
  return metres === undefined ? undefined : { keyword: 'FLENGTH', value: metres * 1000 };
}
