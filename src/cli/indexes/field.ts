import { readCapture } from '../../capture/capture.js';
import { deriveHints } from '../../capture/derive-hints.js';
import type { HintSource } from '../../capture/hints.js';
import { openImage } from '../../image/open.js';
import { AstroJobsError } from '../../job/errors.js';
import type { FieldRange } from '../../solver/indexes/coverage.js';
import type { SkyCircle } from '../../solver/search/bounds.js';

/** What is known of a field before it is solved. */
export interface KnownField {
  /** Widths that it may have, the likeliest first; none when nothing is known of them. */
  estimates: FieldEstimate[];
  /** Pixels; of a shape only where no image was given. */
  width: number;
  height: number;
  /** The kind of the image; absent where none was given. */
  kind?: string;
  /** Where it may lie. */
  position?: SkyCircle & { reason: string };
  /** Why metadata gave no hint; one line each. */
  notes: string[];
}

/** Width of an image in degrees, and how it is known. */
export interface FieldEstimate extends FieldRange {
  source: HintSource;
  reason: string;
}

/** What the caller says of the field. */
export interface FieldOptions {
  image?: string;
  /** Arcseconds per pixel. */
  scale?: Range;
  /** Pixels; needed with a scale where there is no image. */
  width?: number;
  /** Degrees of image width. */
  fov?: Range;
}

export interface Range {
  low: number;
  high: number;
}

const RADIANS_PER_ARCSEC = Math.PI / 648_000;
const DEGREES = 180 / Math.PI;
/** The shape of most sensors, where the height of the image is not known. */
const USUAL_SHAPE = 2 / 3;

/** Degrees across an image of that many pixels as a lens without distortion shows it, at that scale in its centre. */
function widthDeg(arcsec_per_pixel: number, width: number): number {
  return 2 * DEGREES * Math.atan((width / 2) * arcsec_per_pixel * RADIANS_PER_ARCSEC);
}

/**
 * How wide the field is: as the caller says, else as the metadata of the image suggest. Solves nothing.
 * @throws AstroJobsError `invalid_params` when nothing is given to go by; those of `openImage` for an image that cannot be read
 */
export async function knowField(options: FieldOptions): Promise<KnownField> {
  const { image, scale, fov } = options;
  if (scale && fov) throw new AstroJobsError('invalid_params', 'Expected --scale or --fov, not both');
  const { said, ...known } = image === undefined ? sizeOf(options) : await look(image, options.width);
  const { width } = known;
  if (fov) {
    const { low, high } = fov;
    return { ...known, estimates: [{ low_deg: low, high_deg: high, source: 'user', reason: '--fov' }] };
  }
  const scales = scale ? [{ ...scale, source: 'user' as const, reason: '--scale' }] : said;
  return {
    ...known,
    estimates: scales.map(({ low, high, source, reason }) => ({
      low_deg: widthDeg(low, width),
      high_deg: widthDeg(high, width),
      source,
      reason,
    })),
  };
}

interface SaidScale extends Range {
  source: HintSource;
  reason: string;
}

type Looked = Omit<KnownField, 'estimates'> & { said: SaidScale[] };

function sizeOf({ scale, width, fov }: FieldOptions): Looked {
  if (!scale && !fov)
    throw new AstroJobsError(
      'invalid_params',
      'Expected an image, or --fov in degrees, or --scale with --width',
    );
  if (scale && width === undefined)
    throw new AstroJobsError('invalid_params', 'Expected --width in pixels beside --scale without an image');
  const across = width ?? 3000;
  return { width: across, height: Math.round(across * USUAL_SHAPE), said: [], notes: [] };
}

async function look(path: string, width: number | undefined): Promise<Looked> {
  const opened = await openImage(path);
  // A list of stars does not say how large the image was.
  const across = opened.width || width || 0;
  const image = { ...opened, width: across, height: opened.height || Math.round(across * USUAL_SHAPE) };
  const { hints, notes } = deriveHints(image, await readCapture(image));
  const [place] = hints.positions;
  return {
    width: image.width,
    height: image.height,
    kind: image.kind,
    ...(place && {
      position: {
        ra_deg: place.ra_deg,
        dec_deg: place.dec_deg,
        radius_deg: place.radius_deg,
        reason: place.reason,
      },
    }),
    notes,
    said:
      image.width > 0
        ? hints.scales.map(({ low_arcsec_per_pixel: low, high_arcsec_per_pixel: high, source, reason }) => ({
            low,
            high,
            source,
            reason,
          }))
        : [],
  };
}
