import type { ImageHints, PositionHint, ScaleHint } from '../../capture/hints.js';
import type { ImageKind } from '../../image/image.js';
import type { SolveParams } from '../../job/param-table.js';
import { usualShrink } from '../../stars/shrink.js';
import type { Attempt, AttemptInput, IndexShare } from './attempts.js';
import {
  commonScale,
  type ScaleBounds,
  type SkyCircle,
  userPosition,
  userScale,
  widestScale,
} from './bounds.js';
import { likeliest, nth } from './likeliest.js';
import { pixelScale } from './respects-bounds.js';

export interface PlanQuestion {
  image: { width: number; height: number; kind: ImageKind };
  params: SolveParams;
  hints: ImageHints;
}

/**
 * Measured: the shapes of quads agree to half of solve-field's default, and a search among those finds the same fields several
 * times sooner, since far fewer quads match by chance and must be verified.
 */
const TIGHT = 0.005;
const LOOSE = 0.01;

/** First turn of what finds most fields, and of the hints; those who find nothing come again, for four times as long. */
const FIRST_SECONDS = 0.4;
/** Attempts by hints that come before the first blind ones; one more where the metadata stand behind what is remembered. */
const LEADING = 2;
/** First turn of the search for wide fields, whose index files are the smallest. */
const WIDE_SECONDS = 0.25;
/** First turn of the search within narrow bounds, where nothing else is half as likely. */
const BOUNDED_SECONDS = 2;
/** First turn of what has to wait until the likelier ones have had two or three. */
const LATE_SECONDS = 4;

/** What bounds every attempt, and what most of them have in common. */
type Common = Pick<Attempt, 'scale' | 'position' | 'parity' | 'codeTolerance'>;

/**
 * Everything that is worth trying, the likeliest first. What the caller gave bounds every attempt; what the metadata
 * suggest only decides what comes first. Times are those in which photographs were solved that are solved at all.
 */
export function planAttempts({ image, params, hints }: PlanQuestion): Attempt[] {
  const { width, height } = image;
  const user = { scale: userScale(params, width), position: userPosition(params) };
  const bounds: Common = {
    codeTolerance: TIGHT,
    scale: user.scale ?? widestScale(width),
    ...(user.position && { position: user.position }),
    ...(params.parity !== null && { parity: params.parity }),
  };
  const shrink = usualShrink(width, height, params.downsample);
  const given = image.kind === 'source-list';
  const usual: AttemptInput = given
    ? { from: 'given-list' }
    : { from: 'our-stars', shrink, sigmas: 5, boxes: 10 };

  const guided = params.use_metadata || hints.lens ? guidedAttempts(hints, bounds, usual) : [];
  const leading = hints.scales.some(isRemembered) ? LEADING + 1 : LEADING;
  const word = user.scale || user.position ? 'bounded' : 'blind';
  const searched = user.scale || user.position ? 'what the caller allows' : 'nothing is known of the field';
  const share = (indexes: IndexShare, seconds: number): Attempt => ({
    ...bounds,
    input: usual,
    name: `${word}-${indexes}`,
    reason: `${searched}; ${indexes} fields`,
    indexes,
    seconds,
  });
  const searches = isNarrow(bounds.scale)
    ? [{ ...share('likely', BOUNDED_SECONDS), name: word, reason: searched }]
    : [share('medium', FIRST_SECONDS), share('wide', WIDE_SECONDS), share('narrow', FIRST_SECONDS)];
  const looser = searches.map((search) => ({
    ...search,
    name: `${search.name}-loose`,
    reason: `${search.reason}; quads whose shapes agree less well`,
    codeTolerance: LOOSE,
    ...(search.indexes === 'likely' && { indexes: 'all' as const }),
    seconds: LATE_SECONDS,
  }));
  return [
    ...guided.slice(0, leading),
    ...searches,
    ...guided.slice(leading),
    ...looser,
    ...(given ? [] : otherLists(word, bounds, shrink)),
    ...(isNarrow(bounds.scale) ? [] : [share('between', LATE_SECONDS)]),
  ];
}

/** Scales that few index files fit: there is nothing to be gained by searching them apart. */
function isNarrow({ low, high }: ScaleBounds): boolean {
  return high <= 4 * low;
}

/** Attempts that differ in what a search lives on: the list of stars. */
function otherLists(word: string, bounds: Common, shrink: number): Attempt[] {
  const list = (name: string, reason: string, input: AttemptInput): Attempt => ({
    ...bounds,
    name: `${word}-${name}`,
    reason,
    input,
    indexes: 'all',
    seconds: LATE_SECONDS,
  });
  const finer = Math.max(1, shrink / 2);
  return [
    list('extracted', "solve-field's own list of stars", { from: 'solve-field', shrink }),
    list('coarse', 'a smaller image: fewer, larger stars', {
      from: 'our-stars',
      shrink: shrink * 2,
      sigmas: 5,
      boxes: 10,
    }),
    list('uneven', 'the brightest stars, wherever they stand', {
      from: 'our-stars',
      shrink,
      sigmas: 5,
      boxes: 0,
    }),
    ...(finer < shrink
      ? [
          list('fine', 'a larger image: more stars, close ones apart', {
            from: 'our-stars',
            shrink: finer,
            sigmas: 5,
            boxes: 10,
          }),
        ]
      : []),
    list('faint', 'stars close to the noise', { from: 'our-stars', shrink, sigmas: 3.5, boxes: 10 }),
    list('coarse-extracted', "solve-field's own list of a smaller image", {
      from: 'solve-field',
      shrink: shrink * 2,
    }),
  ];
}

/** What the hints suggest, the narrowest first. Hints that the caller's bounds exclude are left out. */
function guidedAttempts(hints: ImageHints, bounds: Common, input: AttemptInput): Attempt[] {
  const positions = bounds.position ? [] : likeliest(hints.positions);
  const attempts: Attempt[] = [];
  const add = (
    name: string,
    reason: string,
    scale: ScaleBounds | undefined,
    seconds: number,
    more: Partial<Attempt> = {},
  ) => {
    if (scale) attempts.push({ ...bounds, name, reason, input, scale, indexes: 'likely', seconds, ...more });
  };
  if (hints.headerWcs) {
    const scale = pixelScale(hints.headerWcs);
    const near = commonScale(bounds.scale, { low: scale * 0.9, high: scale * 1.1 });
    add('header-wcs', 'the header holds a plate solution', near, FIRST_SECONDS, {
      verify: hints.headerWcs,
      indexes: 'all',
    });
  }
  hints.scales.forEach((hint, i) => {
    const scale = commonScale(bounds.scale, {
      low: hint.low_arcsec_per_pixel,
      high: hint.high_arcsec_per_pixel,
    });
    const sameSource = hints.scales.filter(({ source }) => source === hint.source);
    const name = `${hint.source}-scale${nth(sameSource.indexOf(hint))}`;
    if (i === 0) {
      positions.forEach((position, j) => {
        add(`${name}-position${nth(j)}`, `${hint.reason}; ${position.reason}`, scale, FIRST_SECONDS, {
          position: circleOf(position),
        });
      });
    }
    add(name, hint.reason, scale, FIRST_SECONDS);
  });
  // What is remembered is exact or wrong altogether; it is the metadata that can be nearly right.
  const best = hints.scales.find((hint) => !isRemembered(hint)) ?? hints.scales[0];
  if (best) {
    const wider = { low: best.low_arcsec_per_pixel / 2, high: best.high_arcsec_per_pixel * 2 };
    add(
      `${best.source}-scale-wide`,
      `${best.reason}, taken loosely`,
      commonScale(bounds.scale, wider),
      FIRST_SECONDS,
    );
  } else {
    positions.forEach((position, j) => {
      add(`${position.source}-position${nth(j)}`, position.reason, bounds.scale, FIRST_SECONDS, {
        position: circleOf(position),
      });
    });
  }
  return attempts;
}

const isRemembered = ({ source }: ScaleHint) => source === 'remembered';

const circleOf = ({ ra_deg, dec_deg, radius_deg }: PositionHint): SkyCircle => ({
  ra_deg,
  dec_deg,
  radius_deg,
});
