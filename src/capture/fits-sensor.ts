import type { FitsHeader } from '../fits/header.js';
import { type Card, candidate, cardsOf, secondKey } from './fits-card.js';
import { LIMITS } from './limits.js';
import { type Quantity, readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';
import { isPlaceholder } from './text.js';

type Pair = [number, number];
interface PairOfKeywords {
  x: string;
  y: string;
}

const PIXEL_SIZE: Quantity = {
  bounds: LIMITS.pixel_size_um,
  unknown: [0, -1, -999, 65_535],
  measure: { dimension: 'length', unit: 'um', customary: 'um' },
};

/** X and Y keyword of a pixel's size, and whether its programs count the binning in. */
export const PIXEL_SIZES: readonly (PairOfKeywords & { binned: boolean })[] = [
  { x: 'XPIXSZ', y: 'YPIXSZ', binned: true },
  { x: 'XPIXELSZ', y: 'YPIXELSZ', binned: true },
  { x: 'PIXSIZE1', y: 'PIXSIZE2', binned: false },
  { x: 'PIXSIZEX', y: 'PIXSIZEY', binned: false },
  { x: 'XPIXSIZE', y: 'YPIXSIZE', binned: false },
  { x: 'PIXSIZE', y: 'PIXSIZE', binned: false },
];

export const BINNINGS: readonly PairOfKeywords[] = [
  { x: 'XBINNING', y: 'YBINNING' },
  { x: 'BINX', y: 'BINY' },
  { x: 'XBIN', y: 'YBIN' },
  { x: 'CCDXBIN', y: 'CCDYBIN' },
  { x: 'BINNINGX', y: 'BINNINGY' },
  { x: 'HBIN', y: 'VBIN' },
];
/** One keyword for both: `2`, `'2x2'`, `'2*2'`, `'2 2'`. */
export const BINNINGS_OF_BOTH = ['BINNING', 'CCDSUM'];

/** The first pair whose X keyword can be read; where its Y keyword cannot, it is as X. */
function recordPair(
  header: FitsHeader,
  record: CaptureRecord,
  field: 'pixel_size_um' | 'binning',
  pairs: readonly PairOfKeywords[],
  read: (card: Card) => Reading<number>,
): void {
  for (const { x, y } of pairs) {
    for (const card of cardsOf(header, [x])) {
      const horizontal = record.read(candidate(card, read));
      if (!horizontal) continue;
      const [other] = y === x ? [] : cardsOf(header, [y]);
      const vertical = other && record.read(candidate(other, read));
      const source = other && vertical ? `${horizontal.source}, ${secondKey(other)}` : horizontal.source;
      record.set(field, [horizontal.value, vertical?.value ?? horizontal.value], source);
      return;
    }
  }
}

/** Sizes of the pixels in µm, as recorded, whether the binning is in them or not. */
function recordPixelSize(header: FitsHeader, record: CaptureRecord): void {
  recordPair(header, record, 'pixel_size_um', PIXEL_SIZES, (card) => readQuantity(card, PIXEL_SIZE));
}

function readBinning(card: Pick<Card, 'value'>): Reading<number> {
  return readQuantity(card, { bounds: LIMITS.binning, unknown: [0], whole: true });
}

function readBinningOfBoth({ value }: Card): Reading<Pair> {
  const pair =
    typeof value === 'string' ? /^\(?(\d{1,2})(?:\s*[x*×,:]\s*|\s+)(\d{1,2})\)?$/i.exec(value.trim()) : null;
  const x = readBinning({ value: pair ? Number(pair[1]) : value });
  const y = pair ? readBinning({ value: Number(pair[2]) }) : x;
  if (!x || 'why' in x) return x;
  return !y || 'why' in y ? y : { value: [x.value, y.value] };
}

/** How many pixels of the sensor make one of the image, in x and y. */
function recordBinning(header: FitsHeader, record: CaptureRecord): void {
  recordPair(header, record, 'binning', BINNINGS, readBinning);
  record.take(
    'binning',
    [...cardsOf(header, BINNINGS_OF_BOTH)].map((card) => candidate(card, readBinningOfBoth)),
  );
}

export const BAYER_PATTERNS = ['BAYERPAT', 'CFAIMAGE', 'COLORTYP', 'CFA-PAT'];

function readBayerPattern({ value }: Card): Reading<string> {
  // CFAIMAGE is also a flag, and COLORTYP a number, which tell no pattern.
  if (typeof value !== 'string' || /^(?:yes|true|t|f|false|mono(?:chrome)?|rgb)$/i.test(value))
    return undefined;
  if (isPlaceholder(value)) return { why: 'it says that there is none' };
  return /^[RGBCMYEW]{4,36}$/i.test(value)
    ? { value: value.toUpperCase() }
    : { why: 'no pattern of colours' };
}

function recordBayerPattern(header: FitsHeader, record: CaptureRecord): void {
  record.take(
    'bayer_pattern',
    [...cardsOf(header, BAYER_PATTERNS)].map((card) => candidate(card, readBayerPattern)),
  );
}

/** Size of the pixels, binning and colours of the sensor. */
export function recordSensor(header: FitsHeader, record: CaptureRecord): void {
  recordPixelSize(header, record);
  recordBinning(header, record);
  recordBayerPattern(header, record);
}
