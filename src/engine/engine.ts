import { fitWcs } from '../wcs/fit.js';
import { DEG, RAD } from '../wcs/sphere.js';
import type { Wcs } from '../wcs/wcs.js';
import type { StarList } from './field.js';
import { Growth } from './grow.js';
import { type Evidence, judge } from './judge.js';
import {
  type Candidate,
  ListSearch,
  MAX_DEPTH,
  type Outcome,
  type SearchBounds,
  type SearchCounts,
  type Tolerance,
} from './search.js';
import type { StarIndex } from './star-index.js';
import { viewsBetween } from './views.js';

export interface EngineBounds {
  /** Arcseconds a pixel at the middle of the image. */
  scale: { low: number; high: number };
  /** The middle of the image lies in this circle, J2000 degrees. */
  position?: { ra_deg: number; dec_deg: number; radius_deg: number };
  /** Sign of det CD. */
  parity?: 1 | -1;
}

export interface EngineQuestion {
  lists: readonly StarList[];
  width: number;
  height: number;
  bounds?: EngineBounds;
  sigma_px?: number;
  budget?: number;
  shouldStop?: () => boolean;
  trace?: (text: string) => void;
}
const ARCSEC = RAD / 3600;
const TIGHT: Tolerance = { code: 0.006, bending: 0.003, shortest_rad: 0 };
const LOOSE: Tolerance = { code: 0.018, bending: 0.012, shortest_rad: 2.5 * RAD };

export class Engine {
  constructor(readonly indexes: readonly StarIndex[]) {}

  solve(question: EngineQuestion) {
    const { lists, width, height } = question;
    const half = Math.hypot(width, height) / 2;
    const low = question.bounds?.scale.low ?? (1 * 3600) / Math.max(width, height);
    const high = question.bounds?.scale.high ?? (150 * 3600) / Math.max(width, height);
    const least = 1 / (high * ARCSEC);
    const most = 1 / (low * ARCSEC);
    const bounds: SearchBounds = { least, most };
    if (question.bounds?.parity) bounds.parity = question.bounds.parity;
    const position = question.bounds?.position;
    if (position) {
      const [ra, dec] = [position.ra_deg * RAD, position.dec_deg * RAD];
      bounds.direction = Float64Array.of(
        Math.cos(dec) * Math.cos(ra),
        Math.cos(dec) * Math.sin(ra),
        Math.sin(dec),
      );
      bounds.cosRadius = Math.cos(Math.min(Math.PI, position.radius_deg * RAD));
    }
    const views = viewsBetween(least, most, half);
    const counts: SearchCounts = { trials: 0, hypotheses: 0, verified: 0 };
    const searches = lists
      .filter((l) => l.x.length >= 6)
      .map((list) => {
        const search = new ListSearch(list, width, height, question.sigma_px ?? 1, views, bounds, counts);
        return {
          list,
          search,
          growth: new Growth(search.field),
          whole: Int32Array.from({ length: Math.min(MAX_DEPTH, search.field.count) }, (_, i) => i),
        };
      });
    let solution: { wcs: Wcs; evidence: Evidence; candidate: string; log_odds: number } | undefined;
    const budget = question.budget ?? 3e6;
    const stop = () => counts.trials + 4 * counts.hypotheses > budget || (question.shouldStop?.() ?? false);
    const plan: [Tolerance, number, number][] = [];
    let from = 3;
    for (const to of [6, 9, 12, 15, 19, 24, 29, 34]) {
      plan.push([TIGHT, from, to], [LOOSE, from, to]);
      from = to;
    }
    for (const [tolerance, first, last] of plan) {
      for (const { search, growth, list, whole } of searches) {
        search.use(whole);
        const accept = (c: Candidate) => {
          growth.from(c);
          const e = judge(growth, c.index, list);
          const odds = e.log_odds - Math.log(counts.hypotheses + 1);
          question.trace?.(
            `${c.index.name} f=${(half / c.camera.focal).toFixed(3)} local ${c.log_odds.toFixed(1)} odds ${odds.toFixed(1)} ` +
              Object.entries(e)
                .map(([k, v]) => `${k}=${Number(v).toPrecision(3)}`)
                .join(' '),
          );
          if (odds < 10) return false;
          const wcs = tan(growth, c.index, width, height);
          if (!wcs) return false;
          solution = { wcs, evidence: e, candidate: c.index.name, log_odds: odds };
          return true;
        };
        const outcome: Outcome = search.run(this.indexes, first, last, tolerance, accept, stop);
        if (outcome === 'accepted') return { solved: true as const, ...solution!, counts };
        if (outcome === 'stopped') return { solved: false as const, counts };
      }
    }
    return { solved: false as const, counts };
  }
}

function tan(growth: Growth, index: StarIndex, width: number, height: number): Wcs | undefined {
  const pairs = { x: [] as number[], y: [] as number[], ra_deg: [] as number[], dec_deg: [] as number[] };
  const d = new Float64Array(3);
  for (let i = 0; i < growth.references; i++) {
    const s = growth.match[i]!;
    if (s < 0) continue;
    index.direction(growth.stars[i]!, d, 0);
    pairs.x.push(growth.field.x[s]!);
    pairs.y.push(growth.field.y[s]!);
    pairs.ra_deg.push((Math.atan2(d[1]!, d[0]!) * DEG + 360) % 360);
    pairs.dec_deg.push(Math.atan2(d[2]!, Math.hypot(d[0]!, d[1]!)) * DEG);
  }
  growth.camera.direction(growth.camera.cx, growth.camera.cy, d);
  const crval: [number, number] = [
    (Math.atan2(d[1]!, d[0]!) * DEG + 360) % 360,
    Math.atan2(d[2]!, Math.hypot(d[0]!, d[1]!)) * DEG,
  ];
  const { r, focal, parity } = growth.camera;
  // east and north at crval
  const [ra, dec] = [crval[0] * RAD, crval[1] * RAD];
  const e = [-Math.sin(ra), Math.cos(ra), 0];
  const n = [-Math.sin(dec) * Math.cos(ra), -Math.sin(dec) * Math.sin(ra), Math.cos(dec)];
  const dot = (a: number[], k: number) => a[0]! * r[3 * k]! + a[1]! * r[3 * k + 1]! + a[2]! * r[3 * k + 2]!;
  const f = DEG / focal;
  const start: Wcs = {
    crval,
    crpix: [growth.camera.cx, growth.camera.cy],
    cd: [
      [f * dot(e, 0), parity * f * dot(e, 1)],
      [f * dot(n, 0), parity * f * dot(n, 1)],
    ],
    width,
    height,
  };
  return fitWcs(start, pairs, { order: 1, sigma_px: growth.sigma })?.wcs;
}
