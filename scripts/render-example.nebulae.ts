import type { Canvas } from '../test/sky/canvas.js';
import type { Projection } from '../test/sky/projection.js';
import { seededRandom } from '../test/sky/random.js';

type Colour = readonly [red: number, green: number, blue: number];
/** Light at a point given in arcminutes east and north of the nebula's middle. */
type Light = (east: number, north: number) => number;

const HYDROGEN: Colour = [1, 0.3, 0.38];
const PINK: Colour = [1, 0.55, 0.66];
const CORE: Colour = [1, 0.9, 0.93];
const REFLECTION: Colour = [0.48, 0.68, 1];
const EMBER: Colour = [1, 0.58, 0.3];
const DUST: Colour = [1, 0.72, 0.52];

/** Smooth noise of five octaves, 0 to 1 around 0.5; `size` is that of the largest clumps. */
function clouds(seed: number): (x: number, y: number, size: number) => number {
  const random = seededRandom(seed);
  const lattice = Float32Array.from({ length: 1 << 16 }, () => random.uniform());
  const at = (i: number, j: number) => lattice[(i * 73 + j * 9241) & 0xffff]!;
  const smooth = (t: number) => t * t * (3 - 2 * t);
  const octave = (x: number, y: number) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [s, t] = [smooth(x - i), smooth(y - j)];
    const top = at(i, j) + s * (at(i + 1, j) - at(i, j));
    const bottom = at(i, j + 1) + s * (at(i + 1, j + 1) - at(i, j + 1));
    return top + t * (bottom - top);
  };
  return (x, y, size) => {
    let [sum, weight, u, v] = [0, 0.52, x / size, y / size];
    for (let k = 0; k < 5; k++) {
      sum += weight * octave(u, v);
      weight *= 0.5;
      // Each octave is turned, or the lattice would show.
      [u, v] = [1.62 * u + 1.2 * v + 17.3, -1.2 * u + 1.62 * v + 5.1];
    }
    return sum;
  };
}

const bell = (x: number, width: number) => Math.exp(-((x / width) ** 2));
const rise = (x: number, width: number) => 1 / (1 + Math.exp(-x / width));

/** Paints the nebulae between Orion's belt and sword; their places are true, their shapes are an impression. */
export function paintOrion(canvas: Canvas, sky: Projection): void {
  const noise = clouds(1656);
  const paint = (
    ra_deg: number,
    dec_deg: number,
    reach: number,
    layers: readonly (readonly [Colour, Light])[],
  ) => paintPatch(canvas, sky, [ra_deg, dec_deg], reach, layers);

  // M 42: a bright mouth, a bowl that opens to the south, and a dark bay from the north-east.
  const bowl: Light = (x, y) => {
    const [wx, wy] = [x + 14 * (noise(x, y, 26) - 0.5), y + 14 * (noise(x + 90, y, 26) - 0.5)];
    const radius = Math.hypot(wx * 0.92, wy + 17);
    const north = 0.5 + (0.5 * (wy + 17)) / (radius + 1);
    return (
      (bell(radius - 19, 7.5) * (0.12 + north ** 1.5) + 0.35 * bell(radius, 17)) *
      (0.12 + 3.4 * noise(x, y, 10) ** 2.6)
    );
  };
  const bay: Light = (x, y) => 1 - 0.75 * bell(x - 3.5, 3.2) * bell(y - 4.2, 2.4);
  paint(83.822, -5.391, 75, [
    [CORE, (x, y) => 1.5 * Math.exp(-Math.hypot(x, y) / 2.6) * bay(x, y)],
    [PINK, (x, y) => 0.55 * Math.exp(-Math.hypot(x * 0.8, y + 2) / 6.5) * (0.5 + noise(x, y, 6)) * bay(x, y)],
    [PINK, (x, y) => 0.19 * bowl(x, y) * bay(x, y)],
    [HYDROGEN, (x, y) => 0.028 * bell(Math.hypot(x, y + 10), 34) * (0.1 + 2.4 * noise(x, y, 18) ** 2)],
    [REFLECTION, (x, y) => 0.07 * bell(Math.hypot(x + 6, y + 20), 17) * noise(x, y, 12)],
  ]);
  // M 43, and the Running Man.
  paint(83.879, -5.267, 20, [
    [PINK, (x, y) => 0.28 * bell(Math.hypot(x, y), 4.6) * rise(1.5 - x, 1.2) * (0.5 + noise(x, y, 5))],
  ]);
  paint(83.85, -4.83, 40, [
    [REFLECTION, (x, y) => 0.22 * bell(x * 0.75, 11) * bell(y, 9) * (noise(x, y, 10) + 0.25) ** 2.5],
    [HYDROGEN, (x, y) => 0.03 * bell(Math.hypot(x, y), 17) * noise(x, y, 14)],
  ]);
  // The Flame with its dark trunk; NGC 2023; M 78.
  paint(85.43, -1.87, 32, [
    [
      EMBER,
      (x, y) => {
        const trunk = 1 - 0.85 * bell(x + 1 + 5 * (noise(y, 3, 9) - 0.5), 1.5) * rise(y + 9, 2);
        return 0.13 * bell(Math.hypot(x * 0.95, y), 9) * trunk * (noise(x, y, 8) + 0.3) ** 2;
      },
    ],
  ]);
  paint(85.41, -2.26, 18, [
    [REFLECTION, (x, y) => 0.2 * Math.exp(-Math.hypot(x, y) / 2.8) * (0.5 + noise(x, y, 5))],
  ]);
  paint(86.69, 0.08, 22, [
    [
      REFLECTION,
      (x, y) =>
        0.26 * Math.exp(-Math.hypot(x, y) / 3) * (0.4 + noise(x, y, 5)) * (1 - 0.6 * bell(y + 4, 1.5)),
    ],
    [REFLECTION, (x, y) => 0.08 * bell(Math.hypot(x - 4, y - 9), 4)],
  ]);
  // IC 434: a curtain with a sharp eastern edge, into which the Horsehead rises.
  paint(85.2, -2.6, 75, [
    [
      HYDROGEN,
      (x, y) => {
        const edge = 2.5 + 9 * (noise(3, y, 24) - 0.5) + 2 * (noise(x, y, 5) - 0.5);
        const curtain = rise(edge - x, 0.9) * Math.exp((x - edge) / 13) * bell(y - 4, 27);
        const horse =
          1 - 0.92 * Math.max(bell(x - 2, 2.6) * bell(y - 8.2, 1.3), bell(x + 0.2, 1.5) * bell(y - 9.2, 1.5));
        return 0.09 * curtain * horse * (0.55 + 0.9 * noise(x, y, 16));
      },
    ],
  ]);
  // Barnard's Loop, and the dust of the two clouds.
  paint(84, -3, 620, [
    [
      HYDROGEN,
      (x, y) => {
        const [wx, wy] = [x + 60 * (noise(x, y, 150) - 0.5), y + 60 * (noise(x, y + 400, 150) - 0.5)];
        const radius = Math.hypot(wx + 40, (wy + 20) * 0.8);
        const strand = bell(radius - 330, 14 + 36 * noise(x + 900, y, 120)) * (noise(x, y, 70) + 0.5) ** 3;
        return 0.0075 * strand * rise(x - 60, 60) * bell(y - 20, 330);
      },
    ],
    [
      DUST,
      (x, y) => {
        const [alongA, alongB] = [
          bell(x + 10 - 0.25 * (y + 180), 100) * bell(y + 190, 170),
          bell(x - 120, 75) * bell(y - 90, 130),
        ];
        return 0.011 * (alongA + alongB) * (noise(x, y, 90) + 0.25) ** 3;
      },
    ],
  ]);
}

function paintPatch(
  { data, width, height, channels }: Canvas,
  sky: Projection,
  [ra_deg, dec_deg]: readonly [number, number],
  reach_arcmin: number,
  layers: readonly (readonly [Colour, Light])[],
): void {
  const middle = sky.toPixel(ra_deg, dec_deg)!;
  const northward = sky.toPixel(ra_deg, dec_deg + 1 / 60)!;
  const [nx, ny] = [northward[0] - middle[0], northward[1] - middle[1]];
  const square = nx * nx + ny * ny;
  const reach = reach_arcmin * Math.sqrt(square);
  const from = (at: number) => Math.max(0, Math.floor(at - 1 - reach));
  const to = (at: number, end: number) => Math.min(end, Math.ceil(at - 1 + reach));
  for (let row = from(middle[1]); row < to(middle[1], height); row++) {
    for (let column = from(middle[0]); column < to(middle[0], width); column++) {
      const [dx, dy] = [column + 1 - middle[0], row + 1 - middle[1]];
      const north = (dx * nx + dy * ny) / square;
      // Rows run downwards: east is a quarter turn from north, counter-clockwise to the eye.
      const east = (dx * ny - dy * nx) / square;
      const fade = rise(reach_arcmin * 0.9 - Math.hypot(east, north), reach_arcmin * 0.03);
      const at = (row * width + column) * channels;
      for (const [colour, light] of layers) {
        const amount = light(east, north) * fade;
        for (let c = 0; c < 3; c++) data[at + c]! += amount * colour[c]!;
      }
    }
  }
}
