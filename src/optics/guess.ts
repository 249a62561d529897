import type { ImageHints, LensHint, PositionHint, ScaleHint } from '../capture/hints.js';
import type { Astrometry } from '../job/astrometry.js';
import type { Calibration } from '../job/calibration.js';
import type { Capture } from '../job/capture.js';
import { likeliest } from '../solver/search/likeliest.js';
import { separation } from '../wcs/sphere.js';
import type { RememberedField } from './memory.js';

/** How far the scale of one camera moves between two pictures: focus, temperature, the fit itself. */
const SCALE_MARGIN = 1.03;
/** Images of one camera that were taken within so many seconds are taken for a sequence. */
const SEQUENCE_SECONDS = 600;
/** How fast the sky passes a camera that stands still, degrees per second. */
const SIDEREAL_DEG_PER_SECOND = 360 / 86_164.1;

/** Seconds of the camera's clock; undefined for a date without a time of day. */
function clockOf(datetime: string | undefined): number | undefined {
  if (datetime === undefined || !/T\d\d:\d\d/.test(datetime)) return undefined;
  const instant = Date.parse(`${datetime.replace(/Z$/, '')}Z`) / 1000;
  return Number.isFinite(instant) ? instant : undefined;
}

/**
 * What a solved image leaves for the next one of its camera.
 * @param calibration of its lens, as far as the image or those before it have shown it
 */
export function fieldToRemember(
  optics: string,
  astrometry: Astrometry,
  capture: Capture,
  calibration?: Calibration,
): RememberedField {
  const { pixscale_arcsec, ra_center, dec_center, radius_deg } = astrometry;
  const { datetime } = capture;
  const dated = datetime !== undefined && clockOf(datetime) !== undefined && radius_deg !== undefined;
  return {
    optics,
    arcsec_per_pixel: pixscale_arcsec,
    ...(dated && {
      position: { ra_deg: ra_center, dec_deg: dec_center, radius_deg, taken_at: datetime },
    }),
    ...(calibration && { calibration }),
  };
}

/** The metadata's hints, and before them those of the last image of this camera. */
export function withRemembered(hints: ImageHints, field: RememberedField, capture: Capture): ImageHints {
  const { calibration } = field;
  // Scale and place of a fisheye lens's picture are of no use for a search that takes it for a pinhole camera's.
  if (calibration && isFisheye(calibration)) return { ...hints, lens: lensGuess(calibration) };
  const position = positionGuess(field, capture);
  return {
    ...hints,
    scales: [scaleGuess(field), ...hints.scales],
    ...(position && { positions: withPosition(hints.positions, position) }),
    ...(calibration?.sip && { lens: lensGuess(calibration) }),
  };
}

function isFisheye({ projection }: Calibration): boolean {
  return projection !== 'TAN';
}

function lensGuess(calibration: Calibration): LensHint {
  return { calibration, source: 'remembered', reason: 'the last image of this camera and optics' };
}

/** With a calibration that the caller gave, before all others. */
export function withCalibration(hints: ImageHints, calibration: Calibration): ImageHints {
  const reason = calibration.optics ? `the calibration of ${calibration.optics}` : 'the calibration';
  const lens = { calibration, source: 'user', reason } as const;
  if (isFisheye(calibration)) return { ...hints, lens };
  const { arcsec_per_pixel } = calibration;
  const scale = { ...scaleGuess({ arcsec_per_pixel }), source: 'user', reason } as const;
  return { ...hints, scales: [scale, ...hints.scales], lens };
}

function scaleGuess({ arcsec_per_pixel: scale }: Pick<RememberedField, 'arcsec_per_pixel'>): ScaleHint {
  return {
    low_arcsec_per_pixel: scale / SCALE_MARGIN,
    high_arcsec_per_pixel: scale * SCALE_MARGIN,
    source: 'remembered',
    reason: 'the last image of this camera and optics',
  };
}

/** Where a sequence goes on: about the last field, and as far from it as the sky can have moved for a camera that stands still. */
function positionGuess({ position }: RememberedField, { datetime }: Capture): PositionHint | undefined {
  const [then, now] = [clockOf(position?.taken_at), clockOf(datetime)];
  if (!position || then === undefined || now === undefined) return undefined;
  const between = Math.abs(now - then);
  if (between > SEQUENCE_SECONDS) return undefined;
  return {
    ra_deg: position.ra_deg,
    dec_deg: position.dec_deg,
    radius_deg: Math.min(180, position.radius_deg + between * SIDEREAL_DEG_PER_SECOND),
    source: 'remembered',
    reason: `the last image of this camera, taken ${Math.round(between)} s apart`,
  };
}

/**
 * It leads, unless a pointing of the image's own speaks of another place: a mount that has turned since says so. Either way both are
 * tried, for either may be wrong.
 */
function withPosition(positions: readonly PositionHint[], guess: PositionHint): PositionHint[] {
  const own = likeliest(positions);
  const lesser = positions.slice(own.length);
  const agrees = own.some(
    ({ ra_deg, dec_deg, radius_deg }) =>
      separation(ra_deg, dec_deg, guess.ra_deg, guess.dec_deg) <= radius_deg + guess.radius_deg,
  );
  const ordered = own.length === 0 || agrees ? [guess, ...own] : [...own, guess];
  return [
    ...ordered.map((position, i) => (i === 0 ? position : { ...position, alternative: true as const })),
    ...lesser,
  ];
}
