import type { FieldStars, ReferenceStars } from '../../src/engine/fit/fit-field.js';
import type { StarPairs } from '../../src/wcs/fit.js';
import type { SipDistortion, Wcs } from '../../src/wcs/wcs.js';
import { framedWcs, projection } from '../sky/projection.js';
import { seededRandom } from '../sky/random.js';

export const LENSES = ['barrel', 'pincushion', 'moustache', 'decentred'] as const;
export type LensName = (typeof LENSES)[number];

/** Adds factor · (u − cu)·r^2k (and likewise for v) about a centre to polynomials, multiplied out. */
function addRadial(sip: SipDistortion, k: 1 | 2, factor: number, [cu, cv]: readonly [number, number]): void {
  const times = (a: number[][], b: number[][]): number[][] => {
    const product = table(a.length + b.length - 2);
    a.forEach((row, p) => {
      row.forEach((x, q) => {
        b.forEach((other, r) => {
          other.forEach((y, s) => {
            if (x !== 0 && y !== 0) product[p + r]![q + s]! += x * y;
          });
        });
      });
    });
    return product;
  };
  // prettier: c[p][q] multiplies u^p·v^q.
  const du = [[-cu, 0], [1]];
  const dv = [[-cv, 1], [0]];
  const r2 = table(2);
  for (const square of [times(du, du), times(dv, dv)])
    square.forEach((row, p) => {
      row.forEach((value, q) => {
        if (p + q <= 2) r2[p]![q]! += value;
      });
    });
  const power = k === 1 ? r2 : times(r2, r2);
  for (const [target, axis] of [
    [sip.a, du],
    [sip.b, dv],
  ] as const)
    times(axis, power).forEach((row, p) => {
      row.forEach((value, q) => {
        if (value !== 0) target[p]![q]! += factor * value;
      });
    });
}

function table(degree: number): number[][] {
  return Array.from({ length: degree + 1 }, () => new Array<number>(degree + 1).fill(0));
}

/** A lens that moves the corners of an image by `corner_px`, as SIP; its shift and linear part belong to the aim and the scale. */
export function lensOf(name: LensName, corner_px: number, width: number, height: number): SipDistortion {
  const half = Math.hypot(width, height) / 2;
  const sip: SipDistortion = { a: table(5), b: table(5) };
  const middle = [0, 0] as const;
  if (name === 'barrel') addRadial(sip, 1, corner_px / half ** 3, middle);
  if (name === 'pincushion') addRadial(sip, 1, -corner_px / half ** 3, middle);
  if (name === 'moustache') {
    // One way half-way out, and back in the corners.
    addRadial(sip, 1, (-1.5 * corner_px) / half ** 3, middle);
    addRadial(sip, 2, (2.5 * corner_px) / half ** 5, middle);
  }
  if (name === 'decentred') addRadial(sip, 1, corner_px / half ** 3, [0.06 * half, -0.04 * half]);
  for (const polynomial of [sip.a, sip.b]) {
    polynomial[0]![0] = 0;
    polynomial[0]![1] = 0;
    polynomial[1]![0] = 0;
  }
  return sip;
}

export interface LensFieldOptions {
  lens: LensName;
  corner_px: number;
  /** Degrees of the longer side. */
  width_deg: number;
  /** Stars that image and catalogue have in common; a third as many more are in one of them only. */
  stars: number;
  /** Error of a star's place along one axis. */
  noise_px: number;
  seed: number;
}

export interface LensField {
  truth: Wcs;
  stars: FieldStars;
  reference: ReferenceStars;
  start: Wcs;
  seeds: StarPairs;
}

export const [WIDTH, HEIGHT] = [1500, 1000];

/** The star list of a field behind a lens, the catalogue about it, and a first match: four stars and a solution that is right there only. */
export function lensField({
  lens,
  corner_px,
  width_deg,
  stars,
  noise_px,
  seed,
}: LensFieldOptions): LensField {
  const random = seededRandom(seed);
  const focal_px = WIDTH / 2 / Math.tan((width_deg * Math.PI) / 360);
  const frame = {
    ra_deg: random.uniform() * 360,
    dec_deg: (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI,
    width: WIDTH,
    height: HEIGHT,
    pixscale_arcsec: (3600 * 180) / Math.PI / focal_px,
    orientation_deg: random.uniform() * 360 - 180,
    parity: seed % 2 === 0 ? 1 : -1,
  } as const;
  const truth = { ...framedWcs(frame), sip: lensOf(lens, corner_px, WIDTH, HEIGHT) };
  const { toSky } = projection(truth);
  const place = () => [0.5 + random.uniform() * WIDTH, 0.5 + random.uniform() * HEIGHT] as const;
  const common = Array.from({ length: stars }, () => {
    const [x, y] = place();
    const at = (coordinate: number) => coordinate + noise_px * random.normal();
    return { x: at(x), y: at(y), sky: toSky(x, y) };
  });
  const others = Array.from({ length: stars / 3 }, place);
  const unseen = Array.from({ length: stars / 3 }, () => toSky(...place()));
  // The brightest are mixed: nothing tells which of them are in both lists.
  const order = Array.from({ length: common.length + unseen.length }, (_, i) => i).sort(
    () => random.uniform() - 0.5,
  );
  const sky = [...common.map((star) => star.sky), ...unseen];
  const quad = [...common]
    .sort((a, b) => Math.hypot(a.x - 700, a.y - 450) - Math.hypot(b.x - 700, b.y - 450))
    .filter((_, i) => i % 3 === 0)
    .slice(0, 4);
  return {
    truth,
    stars: {
      x: [...common.map(({ x }) => x), ...others.map(([x]) => x)],
      y: [...common.map(({ y }) => y), ...others.map(([, y]) => y)],
    },
    reference: {
      ra_deg: Float64Array.from(order, (i) => sky[i]![0]),
      dec_deg: Float64Array.from(order, (i) => sky[i]![1]),
      isSorted: false,
    },
    start: framedWcs({
      ...frame,
      orientation_deg: frame.orientation_deg + 0.2,
      pixscale_arcsec: frame.pixscale_arcsec * 1.003,
    }),
    seeds: {
      x: quad.map(({ x }) => x),
      y: quad.map(({ y }) => y),
      ra_deg: quad.map((star) => star.sky[0]),
      dec_deg: quad.map((star) => star.sky[1]),
    },
  };
}

/** Root mean square and the most of how far a solution is off over the image, corners included, pixels. */
export function errorOver(wcs: Wcs, truth: Wcs): { rms_px: number; most_px: number } {
  const [found, true_] = [projection(wcs), projection(truth)];
  const offs: number[] = [];
  for (let i = 0; i <= 12; i++)
    for (let j = 0; j <= 8; j++) {
      const [x, y] = [0.5 + (i * WIDTH) / 12, 0.5 + (j * HEIGHT) / 8];
      const pixel = found.toPixel(...true_.toSky(x, y));
      offs.push(pixel ? Math.hypot(pixel[0] - x, pixel[1] - y) : Number.POSITIVE_INFINITY);
    }
  return {
    rms_px: Math.sqrt(offs.reduce((sum, off) => sum + off * off, 0) / offs.length),
    most_px: Math.max(...offs),
  };
}
