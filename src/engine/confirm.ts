// biome-ignore-all lint/style/noNonNullAssertion: indices come from matches within the same lists.
import type { StarPairs } from '../wcs/fit.js';
import { skyToPixels } from '../wcs/tan-sip.js';
import type { Wcs } from '../wcs/wcs.js';
import { matchStars, type StarMatch } from './match-stars.js';
import type { EngineQuestion, FieldStars } from './question.js';
import type { Accepted, SearchCounts } from './search.js';
import type { SkyGrid } from './sky-grid.js';

/** A solution that the whole field speaks for. */
export interface Confirmed {
  wcs: Wcs;
  /** Natural logarithm of the odds against chance. */
  log_odds: number;
  parity: 1 | -1;
  /** Numbers in the list of the image and in `reference`. */
  matches: StarMatch[];
  /** Catalogue stars of the field, brightest first. */
  reference: { ra_deg: Float64Array; dec_deg: Float64Array; magnitude: Float32Array };
  sigma_px: number;
  /** Facts that the decision was made on. */
  facts: Record<string, number>;
}

const DEG = 180 / Math.PI;
const MAX_REFERENCES = 400;
const MAX_LISTED = 300;
const out = new Int32Array(MAX_REFERENCES);

/** Grows a guess from its quad over the whole field, and decides whether the field speaks for it. */
export function confirm(
  grid: SkyGrid,
  { width, height }: EngineQuestion,
  list: FieldStars,
  { guess, verification, members, quad }: Accepted,
  counts: SearchCounts,
): Confirmed | undefined {
  const [cx, cy, cz] = [guess.centre[0]!, guess.centre[1]!, guess.centre[2]!];
  const start: Wcs = {
    crval: [(Math.atan2(cy, cx) * DEG + 360) % 360, Math.asin(cz) * DEG],
    crpix: guess.reference(),
    cd: guess.cd(),
    width,
    height,
  };
  const count = Math.min(MAX_LISTED, list.x.length);
  const field = {
    x: Float64Array.from({ length: count }, (_, i) => list.x[i]!),
    y: Float64Array.from({ length: count }, (_, i) => list.y[i]!),
  };
  const centre = directionOf(start, (width + 1) / 2, (height + 1) / 2);
  const radius = Math.min(1.4, Math.atan(guess.scale * Math.hypot(width, height) * 0.55));
  const found = grid.brightest(...centre, radius, Math.min(MAX_REFERENCES, Math.max(60, 2 * count)), out);
  const reference = columns(grid, out, found);
  const seeds = seedsOf(grid, field, verification, members, quad);
  const fitted = matchStars(start, seeds, field, reference, 3);
  if (!fitted) return undefined;
  const facts = judge(fitted.wcs, fitted.matches, field, reference, fitted.sigma_px);
  facts.local = verification.logOdds;
  facts.hypotheses = counts.hypotheses;
  if (!accepted(facts)) return undefined;
  return {
    wcs: fitted.wcs,
    log_odds: facts.local + (facts.global ?? 0),
    parity: guess.parity,
    matches: fitted.matches,
    reference,
    sigma_px: fitted.sigma_px,
    facts,
  };
}

function accepted(facts: Record<string, number>): boolean {
  return facts.matched! >= 8 && facts.global! > 14 && facts.local! + facts.global! > 30;
}

function seedsOf(
  grid: SkyGrid,
  field: { x: Float64Array; y: Float64Array },
  { hits, fieldStars, skyStars }: Accepted['verification'],
  members: readonly number[],
  quad: readonly number[],
): StarPairs {
  const inField = [...members, ...fieldStars.subarray(0, hits)];
  const inSky = [...quad, ...skyStars.subarray(0, hits)];
  const sky = columns(grid, inSky, inSky.length);
  return {
    x: inField.map((i) => field.x[i]!),
    y: inField.map((i) => field.y[i]!),
    ra_deg: sky.ra_deg,
    dec_deg: sky.dec_deg,
  };
}

function columns(grid: SkyGrid, stars: ArrayLike<number>, count: number): Confirmed['reference'] {
  const { vectors, magnitudes } = grid.stars;
  const ra_deg = new Float64Array(count);
  const dec_deg = new Float64Array(count);
  const magnitude = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const at = 3 * stars[i]!;
    ra_deg[i] = (Math.atan2(vectors[at + 1]!, vectors[at]!) * DEG + 360) % 360;
    dec_deg[i] = Math.asin(Math.max(-1, Math.min(1, vectors[at + 2]!))) * DEG;
    magnitude[i] = magnitudes[stars[i]!]!;
  }
  return { ra_deg, dec_deg, magnitude };
}

function directionOf(wcs: Wcs, x: number, y: number): [number, number, number] {
  const [[a, b], [c, d]] = wcs.cd;
  const [dx, dy] = [x - wcs.crpix[0], y - wcs.crpix[1]];
  const [xi, eta] = [(a * dx + b * dy) / DEG, (c * dx + d * dy) / DEG];
  const [ra, dec] = [wcs.crval[0] / DEG, wcs.crval[1] / DEG];
  const [sr, cr, sd, cd] = [Math.sin(ra), Math.cos(ra), Math.sin(dec), Math.cos(dec)];
  const v = [cd * cr - xi * sr - eta * sd * cr, cd * sr + xi * cr - eta * sd * sr, sd + eta * cd];
  const length = Math.hypot(v[0]!, v[1]!, v[2]!);
  return [v[0]! / length, v[1]! / length, v[2]! / length];
}

/** How well the matches explain both the image and the sky. */
function judge(
  wcs: Wcs,
  matches: readonly StarMatch[],
  field: { x: Float64Array; y: Float64Array },
  reference: Confirmed['reference'],
  sigma: number,
): Record<string, number> {
  const { x, y } = skyToPixels(wcs, reference.ra_deg, reference.dec_deg);
  const matched = new Set(matches.map((match) => match.reference));
  const explained = new Set(matches.map((match) => match.field));
  const reach = Math.max(1, 3.5 * sigma);
  const chance = Math.min(0.5, (field.x.length * Math.PI * reach * reach) / (wcs.width * wcs.height));
  let global = 0;
  let compared = 0;
  let brightThere = 0;
  let bright = 0;
  for (let i = 0; i < x.length && compared < field.x.length; i++) {
    const inside = x[i]! > 0.5 && y[i]! > 0.5 && x[i]! < wcs.width + 0.5 && y[i]! < wcs.height + 0.5;
    if (!inside) continue;
    compared++;
    const hit = matched.has(i);
    if (bright < 10) {
      bright++;
      if (hit) brightThere++;
    }
    if (compared <= 60) global += hit ? Math.log(0.6 / chance) : Math.log(0.4 / (1 - chance));
  }
  let topExplained = 0;
  const top = Math.min(10, field.x.length);
  for (let i = 0; i < top; i++) if (explained.has(i)) topExplained++;
  const cells = new Set(
    matches.map(
      ({ field: i }) =>
        Math.floor((field.x[i]! / wcs.width) * 3) * 3 + Math.floor((field.y[i]! / wcs.height) * 3),
    ),
  );
  return {
    matched: matches.length,
    compared,
    stars: field.x.length,
    global,
    bright: bright === 0 ? 0 : brightThere / bright,
    top: topExplained / Math.max(1, top),
    cells: cells.size,
    sigma,
    chance,
    rank: rankCorrelation(matches, reference.magnitude),
  };
}

/** Spearman's rank correlation of the order in the image's list and the magnitude. */
function rankCorrelation(matches: readonly StarMatch[], magnitude: Float32Array): number {
  const n = matches.length;
  if (n < 4) return 0;
  const byField = [...matches].sort((a, b) => a.field - b.field);
  const bySky = [...byField].sort((a, b) => magnitude[a.reference]! - magnitude[b.reference]!);
  const rank = new Map(bySky.map((match, i) => [match, i]));
  let sum = 0;
  for (const [i, match] of byField.entries()) sum += (i - rank.get(match)!) ** 2;
  return 1 - (6 * sum) / (n * (n * n - 1));
}
