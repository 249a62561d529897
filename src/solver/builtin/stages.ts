import { ALL_SKY_BUDGET, FULL_BUDGET, KNOWN_FISHEYE_BUDGET, SHORT_BUDGET } from '../../engine/budgets.js';
import type { FieldBounds } from '../../engine/question.js';
import { commonScale, type ScaleBounds, type SkyCircle, userPosition, userScale } from '../search/bounds.js';
import { likeliest, nth } from '../search/likeliest.js';
import { pixelScale } from '../search/respects-bounds.js';
import type { SolveRequest } from '../solver.js';

/** One step of the search for an image: which fields, and with which lists of its stars. */
export interface Stage {
  /** Short stable name, such as `exif-scale` or `blind`. */
  name: string;
  /** Why it is tried, for a person. */
  reason: string;
  bounds: FieldBounds;
  lists: 'usual' | 'all' | 'wide-usual' | 'wide';
  lens: 'pinhole' | 'fisheye';
  /**
   * Whether index files are searched besides the packaged stars, or are what the stage is for. Where nothing is known of the scale they
   * cost more than all else.
   */
  files: 'none' | 'also' | 'needed';
  /** How much is searched, see `SolveQuestion`. */
  budget: number;
}

/** A wrong hint costs a tenth of a second. */
const HINTED_BUDGET = 150_000;
const NARROW_BUDGET = 400_000;

/**
 * What is searched one after another: what the metadata suggest, the narrowest first, then all that the caller's bounds allow. Those hold
 * throughout.
 */
export function planStages(request: SolveRequest): Stage[] {
  const { image, params } = request;
  const scale = userScale(params, image.width);
  const position = userPosition(params);
  const bounds: FieldBounds = {
    ...(scale && { scale }),
    ...(position && { position }),
    ...(params.parity !== null && { parity: params.parity }),
  };
  const files = scale ? 'also' : 'none';
  const [word, reason] =
    scale || position
      ? (['bounded', 'what the caller allows'] as const)
      : (['blind', 'nothing is known of the field'] as const);
  const lens = 'pinhole';
  const allSky = allSkyStages(bounds, image);
  const isWide = isVeryWide(request, scale);
  return [
    ...knownFisheyeStages(request, allSky),
    ...(params.use_metadata || request.hints.lens ? hintedStages(request, bounds) : []),
    { name: word, reason, bounds, lists: 'usual', lens, files, budget: SHORT_BUDGET },
    ...(isWide ? allSky : []),
    ...(scale ? [] : [narrowStage(word, bounds, image)]),
    {
      name: `${word}-lists`,
      reason: `${reason}; several lists of stars`,
      bounds,
      lists: 'all',
      lens,
      files,
      budget: FULL_BUDGET,
    },
    ...(isWide ? [] : allSky),
  ];
}

/** No fisheye lens sees less along the longer side, degrees. */
const NARROWEST_FISHEYE_DEG = 60;
/** Images that are as wide as this are a fisheye lens's sooner than not. */
const VERY_WIDE_DEG = 110;
/** The middle of a fisheye image may be that much finer or coarser than the mean of its width: bounds are checked again when it is solved. */
const FISHEYE_RANGE = 1.4;

function widthDeg(scale: number, { width, height }: Pick<SolveRequest['image'], 'width' | 'height'>): number {
  return (scale * Math.max(width, height)) / 3600;
}

/** Whether a fisheye lens sees as much at so many arcseconds a pixel. */
export function mayBeFisheye(scale: number, image: Pick<SolveRequest['image'], 'width' | 'height'>): boolean {
  return widthDeg(scale, image) >= NARROWEST_FISHEYE_DEG;
}

/** The search for a fisheye image, unless the caller's bounds exclude one. */
function allSkyStages(bounds: FieldBounds, image: SolveRequest['image']): Stage[] {
  const { scale } = bounds;
  if (scale && !mayBeFisheye(scale.high, image)) return [];
  const wide = scale && { low: scale.low / FISHEYE_RANGE, high: scale.high * FISHEYE_RANGE };
  return [
    {
      name: 'all-sky',
      reason: 'a fisheye lens, up to 180° and more',
      bounds: { ...bounds, ...(wide && { scale: wide }) },
      lists: 'wide',
      lens: 'fisheye',
      files: 'none',
      budget: ALL_SKY_BUDGET,
    },
  ];
}

/** First of all the fisheye lens that other images have shown, in one list of stars. */
function knownFisheyeStages({ hints, image }: SolveRequest, allSky: readonly Stage[]): Stage[] {
  const { calibration, source, reason } = hints.lens ?? {};
  if (!calibration || !reason || calibration.projection === 'TAN') return [];
  if (calibration.width !== image.width || calibration.height !== image.height) return [];
  const name = source === 'user' ? 'calibration-fisheye' : 'remembered-fisheye';
  return allSky.map((stage) => ({
    ...stage,
    name,
    reason,
    lists: 'wide-usual',
    budget: KNOWN_FISHEYE_BUDGET,
  }));
}

/** Whether the caller or the metadata say that the image is wider than pinhole cameras are. */
function isVeryWide({ image, params, hints }: SolveRequest, scale: ScaleBounds | undefined): boolean {
  if (scale) return widthDeg(scale.low, image) >= VERY_WIDE_DEG;
  const [hint] = params.use_metadata ? hints.scales : [];
  return hint !== undefined && widthDeg(hint.low_arcsec_per_pixel, image) >= VERY_WIDE_DEG;
}

/** Fields of which few packaged stars are, degrees of the longer side: with index files where there are some. */
const NARROW_DEG = [0.15, 1.3] as const;

function narrowStage(word: string, bounds: FieldBounds, { width, height }: SolveRequest['image']): Stage {
  const [low, high] = NARROW_DEG.map((degrees) => (degrees * 3600) / Math.max(width, height)) as [
    number,
    number,
  ];
  return {
    name: `${word}-narrow`,
    reason: 'narrow fields, with index files',
    bounds: { ...bounds, scale: { low, high } },
    lists: 'usual',
    lens: 'pinhole',
    files: 'needed',
    budget: NARROW_BUDGET,
  };
}

/** Hints that the caller's bounds exclude are left out. */
function hintedStages({ hints }: SolveRequest, bounds: FieldBounds): Stage[] {
  const stages: Stage[] = [];
  const add = (name: string, reason: string, field: { scale?: ScaleBounds; position?: SkyCircle }) => {
    const scale = field.scale && (bounds.scale ? commonScale(bounds.scale, field.scale) : field.scale);
    if (field.scale && !scale) return;
    const { position } = field;
    const narrowed = { ...bounds, ...(scale && { scale }), ...(position && { position }) };
    const files = scale ? 'also' : 'none';
    stages.push({
      name,
      reason,
      bounds: narrowed,
      lists: 'usual',
      lens: 'pinhole',
      files,
      budget: HINTED_BUDGET,
    });
  };
  const positions = bounds.position ? [] : likeliest(hints.positions);
  if (hints.headerWcs) {
    const scale = pixelScale(hints.headerWcs);
    const [ra_deg, dec_deg] = hints.headerWcs.crval;
    const { width, height } = hints.headerWcs;
    const position = {
      ra_deg,
      dec_deg,
      radius_deg: Math.min(90, (scale * Math.hypot(width, height)) / 3600),
    };
    add('header-wcs', 'the header holds a plate solution', {
      scale: { low: scale * 0.9, high: scale * 1.1 },
      ...(!bounds.position && { position }),
    });
  }
  hints.scales.forEach((hint, i) => {
    const scale = { low: hint.low_arcsec_per_pixel, high: hint.high_arcsec_per_pixel };
    const name = `${hint.source}-scale${nth(i)}`;
    if (i === 0) {
      positions.forEach((position, j) => {
        add(`${name}-position${nth(j)}`, `${hint.reason}; ${position.reason}`, { scale, position });
      });
    }
    add(name, hint.reason, { scale });
  });
  const [best] = hints.scales;
  if (best) {
    const scale = { low: best.low_arcsec_per_pixel / 2, high: best.high_arcsec_per_pixel * 2 };
    add(`${best.source}-scale-wide`, `${best.reason}, taken loosely`, { scale });
  } else {
    positions.forEach((position, j) => {
      add(`${position.source}-position${nth(j)}`, position.reason, { position });
    });
  }
  return stages;
}
