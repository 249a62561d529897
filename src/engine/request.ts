import { RAD } from '../wcs/sphere.js';
import type { SearchBounds } from './candidate.js';
import type { FieldBounds, SolveQuestion } from './question.js';
import type { IndexRequest, SkyCap } from './star-index.js';

const ARCSEC = RAD / 3600;
/** Fields that the longer side of an image is taken to see where no scale is given, degrees. */
const NARROWEST_DEG = 0.5;
const WIDEST_DEG = 140;
/** No quad is shorter than this share of the image's diagonal, or longer than the diagonal. */
const SHORTEST_QUAD = 0.06;

/** Size and bounds of an image, without its stars. */
export type FieldQuestion = Pick<SolveQuestion, 'width' | 'height' | 'bounds' | 'lens'>;

/** The bounds of a question as a search needs them. */
export function searchBounds({ width, height, bounds = {} }: FieldQuestion): SearchBounds {
  const longer = Math.max(width, height);
  const scale = bounds.scale ?? {
    low: (NARROWEST_DEG * 3600) / longer,
    high: (2 * Math.tan((WIDEST_DEG * RAD) / 2)) / ARCSEC / longer,
  };
  return {
    least: 1 / (scale.high * ARCSEC),
    most: 1 / (scale.low * ARCSEC),
    ...(bounds.parity && { parity: bounds.parity }),
    ...(bounds.position && circleOf(bounds.position)),
  };
}

/** Quads in patches of fisheye images, anywhere on the sky. */
const PATCH_QUADS: IndexRequest = { shortest_rad: 3 * RAD, longest_rad: 50 * RAD };

/** Which quads can lie in an image, and where. */
export function indexRequest(question: FieldQuestion): IndexRequest {
  if (question.lens === 'fisheye') return PATCH_QUADS;
  const { least, most, direction, radius } = searchBounds(question);
  const diagonal = Math.hypot(question.width, question.height);
  const corner = Math.atan(diagonal / 2 / least);
  const cap: SkyCap | undefined =
    direction && radius !== undefined ? { direction, radius: Math.min(Math.PI, radius + corner) } : undefined;
  return {
    shortest_rad: SHORTEST_QUAD * 2 * Math.atan(diagonal / 2 / most),
    longest_rad: 2 * corner,
    ...(cap && { cap }),
  };
}

function circleOf({ ra_deg, dec_deg, radius_deg }: NonNullable<FieldBounds['position']>) {
  const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
  const direction = Float64Array.of(
    Math.cos(dec) * Math.cos(ra),
    Math.cos(dec) * Math.sin(ra),
    Math.sin(dec),
  );
  return { direction, radius: Math.min(Math.PI, radius_deg * RAD) };
}
