import type { FitsHeader } from '../fits/header.js';
import type { OpenedImage } from '../image/image.js';
import type { Capture } from '../job/capture.js';
import { firstQuantity } from './fits-card.js';
import { PIXEL_SIZES } from './fits-sensor.js';
import type { HintSource, ScaleHint } from './hints.js';
import type { Quantity } from './quantity.js';
import { FULL_FRAME_DIAGONAL_MM, pixelsOfSensor } from './sensor-size.js';

const ARCSEC_PER_RADIAN = 648_000 / Math.PI;
/** Arcseconds per pixel that a picture of stars can have. */
const SENSIBLE_SCALE = [0.01, 3600] as const;

/** How far, as a factor down and up, each kind of source is from the truth when it does not lie. */
const MARGINS = {
  /** Written from a solution or reckoned from focal length and pixels: focus, temperature and reducers move it. */
  exact: [0.95, 1.05],
  /** Lenses breathe, and their marked focal length is rounded. */
  lens: [0.88, 1.14],
  /** Rounded to a millimetre, defined over the diagonal or the width, of a frame that may have been trimmed. */
  equivalent: [0.75, 1.33],
} as const;

export type Note = (line: string) => void;

const rounded = (value: number) => Number(value.toPrecision(4));

/** A range around `scale` in arcseconds per pixel, or a note when that makes no sense. */
export function scaleHint(
  scale: number,
  margin: keyof typeof MARGINS,
  source: HintSource,
  reason: string,
  note: Note,
): ScaleHint[] {
  if (!(scale >= SENSIBLE_SCALE[0] && scale <= SENSIBLE_SCALE[1])) {
    note(`${reason} would be ${rounded(scale)} arcseconds per pixel, which makes no sense; it gives no hint`);
    return [];
  }
  const [low, high] = MARGINS[margin];
  return [{ low_arcsec_per_pixel: scale * low, high_arcsec_per_pixel: scale * high, source, reason }];
}

/** Keywords that state the scale, arcseconds per pixel, the ones of clear meaning first. */
const SCALE_KEYWORDS = [
  'PIXSCALE',
  'SECPIX',
  'SECPIX1',
  'PIXSCAL1',
  'PIXSCAL',
  'SECPIX2',
  'PIXSCAL2',
  'PIXELSCA',
  'SCALE',
];

/** Bounds are those of any hint; a scale is in arcseconds where its header does not say otherwise. */
const STATED_SCALE: Quantity = {
  bounds: [-1e9, 1e9],
  unknown: [0],
  measure: { dimension: 'angle', unit: 'arcsec', customary: 'arcsec' },
};

function statedScales(header: FitsHeader, note: Note): ScaleHint[] {
  const stated = firstQuantity(header, SCALE_KEYWORDS, STATED_SCALE);
  if (!stated) return [];
  const { keyword, value } = stated;
  return scaleHint(Math.abs(value), 'exact', 'fits', `${keyword} ${rounded(value)}`, note);
}

/** CDELT of a header that has no full solution, degrees per pixel; 1 is what stands there when it was not known. */
function incrementScale(header: FitsHeader, note: Note): ScaleHint[] {
  const [x, y] = [Math.abs(header.number('CDELT1') ?? 0), Math.abs(header.number('CDELT2') ?? 0)];
  if (header.has('CD1_1') || header.has('PC1_1') || [0, 1].includes(x) || [0, 1].includes(y)) return [];
  const reason = `CDELT1, CDELT2 ${rounded(x)}, ${rounded(y)} degrees`;
  return scaleHint(3600 * Math.sqrt(x * y), 'exact', 'fits', reason, note);
}

/**
 * Programs do not agree on whether the binning is in the pixel size: the custom of the keyword first, the
 * other one second.
 */
function opticsScales(
  { focal_length_mm: focal, pixel_size_um: pixel, binning, sources }: Capture,
  note: Note,
) {
  if (!pixel || focal === undefined) return [];
  const keyword = PIXEL_SIZES.find(({ x }) => sources?.pixel_size_um?.startsWith(`FITS ${x}`));
  const size = Math.sqrt(pixel[0] * pixel[1]);
  const bins = Math.sqrt((binning?.[0] ?? 1) * (binning?.[1] ?? 1));
  const factors = bins === 1 ? [1] : keyword?.binned ? [1, bins] : [bins, 1];
  return factors.flatMap((factor) => {
    const binned = factor === 1 ? '' : `, binning ${rounded(bins)}`;
    const reason = `focal length ${rounded(focal)} mm, ${keyword?.x ?? 'pixels of'} ${rounded(size)} µm${binned}`;
    return scaleHint((ARCSEC_PER_RADIAN * size * factor) / 1000 / focal, 'exact', 'fits', reason, note);
  });
}

/** What a FITS header says of the scale, beside a full solution; best first. */
export function fitsScales(header: FitsHeader, capture: Capture, note: Note): ScaleHint[] {
  return [...statedScales(header, note), ...opticsScales(capture, note), ...incrementScale(header, note)];
}

/** The size that EXIF says the picture had, when it is not the one that it has. */
function recordedSize({
  recorded_width: width,
  recorded_height: height,
}: Capture): [number, number] | undefined {
  return typeof width === 'number' && typeof height === 'number' ? [width, height] : undefined;
}

/** By which factor the picture was shrunk whole, or `undefined` when it was cut. Turned pictures count as whole. */
function resizeFactor(image: OpenedImage, recorded: [number, number]): number | undefined {
  const [long, short] = [Math.max(image.width, image.height), Math.min(image.width, image.height)];
  const [recordedLong, recordedShort] = [Math.max(...recorded), Math.min(...recorded)];
  const [x, y] = [recordedLong / long, recordedShort / short];
  return Math.abs(x / y - 1) < 0.02 ? x : undefined;
}

function equivalentScales(image: OpenedImage, capture: Capture, note: Note): ScaleHint[] {
  const focal = capture.focal_length_35mm;
  if (focal === undefined) return [];
  const scaleOf = (width: number, height: number) =>
    (ARCSEC_PER_RADIAN * FULL_FRAME_DIAGONAL_MM) / focal / Math.hypot(width, height);
  const whole = scaleOf(image.width, image.height);
  const reason = `${rounded(focal)} mm equivalent focal length`;
  const recorded = recordedSize(capture);
  if (!recorded || resizeFactor(image, recorded) !== undefined) {
    return scaleHint(whole, 'equivalent', 'exif', reason, note);
  }
  // Cut from a larger picture, or cut and enlarged: from the pixels as they were to the whole frame in these.
  const cut = scaleOf(...recorded);
  const [smaller] = scaleHint(
    Math.min(whole, cut),
    'equivalent',
    'exif',
    `${reason}, of a picture that was cut`,
    note,
  );
  const [larger] = scaleHint(Math.max(whole, cut), 'equivalent', 'exif', reason, note);
  return smaller && larger ? [{ ...smaller, high_arcsec_per_pixel: larger.high_arcsec_per_pixel }] : [];
}

/** From the resolution of the focal plane, the likelier meaning first: pixels of the picture, or of a sensor with more of them. */
function focalPlaneScales(image: OpenedImage, capture: Capture, note: Note): ScaleHint[] {
  const { focal_length_mm: focal, pixel_size_um: pixel } = capture;
  if (focal === undefined || pixel === undefined) return [];
  const recorded = recordedSize(capture);
  const shrunk = recorded ? (resizeFactor(image, recorded) ?? 1) : 1;
  const ofSensor = recorded ? 1 : pixelsOfSensor(image, capture);
  const size = Math.sqrt(pixel[0] * pixel[1]);
  const hint = (factor: number, why: string) =>
    scaleHint(
      (ARCSEC_PER_RADIAN * size * factor) / 1000 / focal,
      'lens',
      'exif',
      `focal length ${rounded(focal)} mm, focal plane pixels of ${rounded(size)} µm${factor === 1 ? '' : `, ${why} ${rounded(factor)} times`}`,
      note,
    );
  const written = hint(shrunk, 'shrunk');
  return ofSensor === 1 ? written : [...hint(ofSensor, 'of a sensor that has more of them,'), ...written];
}

const overlap = (a: ScaleHint, b: ScaleHint) =>
  a.low_arcsec_per_pixel <= b.high_arcsec_per_pixel && b.low_arcsec_per_pixel <= a.high_arcsec_per_pixel;

/**
 * What EXIF says of the scale, best first. The focal plane's resolution is the narrower hint, but it is left
 * behind when a program shrinks the picture; the equivalent focal length holds for the whole frame at any
 * size. Where they agree the narrow one leads.
 */
export function exifScales(image: OpenedImage, capture: Capture, note: Note): ScaleHint[] {
  const equivalent = equivalentScales(image, capture, note);
  const plane = focalPlaneScales(image, capture, note);
  const agrees = (hint: ScaleHint) =>
    equivalent.length === 0 || equivalent.some((other) => overlap(hint, other));
  return [...plane.filter(agrees), ...equivalent, ...plane.filter((hint) => !agrees(hint))];
}
