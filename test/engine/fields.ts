import type { StarList } from '../../src/engine/field.js';
import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { DEG, RAD } from '../../src/wcs/sphere.js';
import { seededRandom } from '../sky/random.js';
import { randomRotation } from '../sky/rotation.js';

/** A star list as an image would give it, and what is true of it. */
export interface RenderedField {
  stars: StarList & { x: number[]; y: number[]; flux: number[] };
  width: number;
  height: number;
  /** How many of the stars are ones of the sky. */
  trueStars: number;
  parity: 1 | -1;
  /** Degrees, of the longer side. */
  width_deg: number;
  /** Arcseconds a pixel in the middle. */
  scale: number;
  /** Where the sky is in the image, pixels; undefined behind the camera. */
  pixelOf(ra_deg: number, dec_deg: number): readonly [number, number] | undefined;
  ra_deg: number;
  dec_deg: number;
}

export interface FieldOptions {
  width?: number;
  height?: number;
  /** Degrees; 180 and more need `projection`. */
  width_deg?: number;
  parity?: 1 | -1;
  /** Stars of the sky in the list, if the field has so many. */
  trueStars?: number;
  /** Share of false stars in the whole list. */
  falseShare?: number;
  /** Share of the 30 brightest that the image does not show. */
  missing?: number;
  position_px?: number;
  magnitude?: number;
  /** Distance from the middle in focal lengths for an angle from the axis, radians. @default the tangent: a pinhole camera */
  projection?: (angle: number) => number;
  /** The furthest angle from the axis that is seen, radians. */
  furthest?: number;
}

const NARROWEST_DEG = 1.5;
const WIDEST_DEG = 100;
const FEWEST_TRUE = 12;
const BRIGHTEST = 30;
const pinhole = Math.tan;

/** Renders the star list of a random field; what the options leave open is drawn: widths evenly in their logarithm, either parity, false and missing stars. */
export function renderField(catalog: StarCatalog, seed: number, options: FieldOptions = {}): RenderedField {
  const random = seededRandom(seed);
  const draw = (from: number, to: number) => from + (to - from) * random.uniform();
  const { width = 1500, height = 1000, projection = pinhole } = options;
  // Everything is drawn, in one order, whatever the options fix: a seed's field stays the same but for that.
  const drawn = {
    width_deg: Math.exp(draw(Math.log(NARROWEST_DEG), Math.log(WIDEST_DEG))),
    parity: random.uniform() < 0.5 ? (1 as const) : (-1 as const),
    trueStars: Math.round(Math.exp(draw(Math.log(FEWEST_TRUE), Math.log(150)))),
    falseShare: draw(0, 0.5),
    missing: draw(0, 0.4),
    position_px: 0.3,
    magnitude: 0.5,
    furthest: 1.35,
  };
  const field = { ...drawn, ...options };
  const rotation = randomRotation(random);
  const focal = width / 2 / projection((field.width_deg * RAD) / 2);
  const pixel = (x: number, y: number, z: number): readonly [number, number] | undefined => {
    const [u, v, w] = rotate(rotation, x, y, z);
    const angle = Math.acos(Math.max(-1, Math.min(1, w)));
    if (angle > field.furthest) return undefined;
    const scale = (focal * projection(angle)) / Math.max(1e-12, Math.hypot(u, v));
    return [(width + 1) / 2 + scale * u, (height + 1) / 2 + field.parity * scale * v];
  };
  const seen = brightestSeen(
    catalog,
    pixel,
    width,
    height,
    rotation,
    field.furthest,
    4 * BRIGHTEST + 3 * field.trueStars,
  );
  const scattered = seen
    .map((star) => ({ ...star, magnitude: star.magnitude + field.magnitude * random.normal() }))
    .sort((a, b) => a.magnitude - b.magnitude);
  const shown = scattered.filter((_, i) => i >= BRIGHTEST || random.uniform() >= field.missing);
  const stars = shown.slice(0, Math.max(FEWEST_TRUE, field.trueStars)).map((star) => ({
    ...star,
    x: star.x + field.position_px * random.normal(),
    y: star.y + field.position_px * random.normal(),
  }));
  const falseStars = Math.round((stars.length * field.falseShare) / (1 - field.falseShare));
  const [brightest, faintest] = [stars[0]?.magnitude ?? 0, stars.at(-1)?.magnitude ?? 1];
  const list = [...stars];
  for (let i = 0; i < falseStars; i++) {
    // False stars are as bright as true ones are, more often faint.
    const magnitude = faintest - (faintest - brightest) * random.uniform() ** 2;
    list.push({ x: draw(0.5, width + 0.5), y: draw(0.5, height + 0.5), magnitude });
  }
  list.sort((a, b) => a.magnitude - b.magnitude);
  const axis = rotation.subarray(6, 9);
  return {
    stars: {
      x: list.map(({ x }) => x),
      y: list.map(({ y }) => y),
      flux: list.map(({ magnitude }) => 10 ** (-0.4 * (magnitude - 15))),
    },
    width,
    height,
    trueStars: stars.length,
    parity: field.parity,
    width_deg: field.width_deg,
    scale: (DEG * 3600) / focal,
    pixelOf(ra_deg, dec_deg) {
      const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
      return pixel(Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec));
    },
    ra_deg: (Math.atan2(axis[1]!, axis[0]!) * DEG + 360) % 360,
    dec_deg: Math.asin(axis[2]!) * DEG,
  };
}

/** The same stars with their coordinates dealt anew: a list like a real one, of no field. */
export function shuffleField({ stars, ...field }: RenderedField, seed: number): RenderedField {
  const random = seededRandom(seed);
  const y = [...stars.y];
  for (let i = y.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [y[i], y[j]] = [y[j]!, y[i]!];
  }
  return { ...field, stars: { ...stars, y } };
}

export const INVENTIONS = ['even', 'clustered', 'grid', 'lines'] as const;

/** Invented stars: strewn evenly, in clusters, on a jittered grid, along lines. */
export function inventField(kind: (typeof INVENTIONS)[number], seed: number): RenderedField['stars'] {
  const random = seededRandom(seed);
  const [width, height] = [1500, 1000];
  const count = Math.round(Math.exp(Math.log(12) + random.uniform() * Math.log(20)));
  const anchors = Array.from(
    { length: 6 },
    () => [random.uniform() * width, random.uniform() * height] as const,
  );
  const columns = Math.ceil(Math.sqrt(1.5 * count));
  const place = (i: number): readonly [number, number] => {
    const [ax, ay] = anchors[i % anchors.length]!;
    const [bx, by] = anchors[(i + 1) % anchors.length]!;
    const [t, along] = [random.normal(), random.uniform()];
    if (kind === 'clustered') return [ax + 90 * random.normal(), ay + 90 * t];
    if (kind === 'lines')
      return [ax + along * (bx - ax) + 2 * t, ay + along * (by - ay) + 2 * random.normal()];
    const step = width / columns;
    if (kind === 'grid')
      return [
        ((i % columns) + 0.5) * step + 3 * t,
        (Math.floor(i / columns) + 0.5) * step + 3 * random.normal(),
      ];
    return [random.uniform() * width, random.uniform() * height];
  };
  const places = Array.from({ length: count }, (_, i) => place(i));
  return {
    x: places.map(([x]) => Math.min(width, Math.max(1, x))),
    y: places.map(([, y]) => Math.min(height, Math.max(1, y))),
    flux: places.map((_, i) => 1e4 / (i + 1)),
  };
}

interface SeenStar {
  x: number;
  y: number;
  magnitude: number;
}

function brightestSeen(
  catalog: StarCatalog,
  pixel: (x: number, y: number, z: number) => readonly [number, number] | undefined,
  width: number,
  height: number,
  rotation: Float64Array,
  furthest: number,
  limit: number,
): SeenStar[] {
  const { vectors, magnitudes, count } = catalog.data;
  const least = Math.cos(furthest);
  const seen: SeenStar[] = [];
  for (let star = 0; star < count && seen.length < limit; star++) {
    const [x, y, z] = [vectors[3 * star]!, vectors[3 * star + 1]!, vectors[3 * star + 2]!];
    if (rotation[6]! * x + rotation[7]! * y + rotation[8]! * z < least) continue;
    const at = pixel(x, y, z);
    if (!at || at[0] < 1 || at[1] < 1 || at[0] > width || at[1] > height) continue;
    seen.push({ x: at[0], y: at[1], magnitude: magnitudes[star]! });
  }
  return seen;
}

function rotate(r: Float64Array, x: number, y: number, z: number): [number, number, number] {
  return [
    r[0]! * x + r[1]! * y + r[2]! * z,
    r[3]! * x + r[4]! * y + r[5]! * z,
    r[6]! * x + r[7]! * y + r[8]! * z,
  ];
}
