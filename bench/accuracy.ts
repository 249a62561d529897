/*
 * How far plate solutions are off, on rendered skies whose truth is known: solve-field by hand and this library, with the same
 * hints, on the same pictures.
 *
 *     npm run build && node --import ./scripts/typescript.mjs bench/accuracy.ts [--fields 6]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openImage } from '../src/image/open.js';
import { parseParams } from '../src/job/params.js';
import { runProcess } from '../src/solver/process.js';
import { pixelScale } from '../src/solver/respects-bounds.js';
import { readSolution, type Solution } from '../src/solver/solution.js';
import { SolveField } from '../src/solver/solve-field.js';
import { skyToPixel } from '../src/wcs/tan-sip.js';
import type { SipDistortion } from '../src/wcs/wcs.js';
import { projection } from '../test/sky/projection.js';
import { seededRandom } from '../test/sky/random.js';
import { renderSky, type Sky } from '../test/sky/render.js';
import { writeSky } from '../test/sky/write.js';

const { values: options } = parseArgs({ options: { fields: { type: 'string', default: '6' } } });

const [WIDTH, HEIGHT] = [1200, 800];
/** Arcseconds per pixel, and the faintest star that shows. */
const CAMERAS = [
  [4, 11.5],
  [8, 11],
  [20, 10],
  [50, 8.5],
  [120, 6.5],
] as const;

/** A lens that moves the corners outwards by `corner_px`, as the cube of the distance and, decentred, a little as its square. */
function lens(corner_px: number): SipDistortion | undefined {
  if (corner_px === 0) return undefined;
  const half = Math.hypot(WIDTH, HEIGHT) / 2;
  const [k, s] = [(0.8 * corner_px) / half ** 3, (0.2 * corner_px) / half ** 2];
  return {
    a: [
      [0, 0, s, 0],
      [0, 0, k, 0],
      [0, 0, 0, 0],
      [k, 0, 0, 0],
    ],
    b: [
      [0, 0, 0, k],
      [0, s, 0, 0],
      [0, k, 0, 0],
      [0, 0, 0, 0],
    ],
  };
}

interface Error_px {
  centre: number;
  corner: number;
  rms: number;
  matched: number;
}

/** Pixels between where the solution puts places and where they truly are. */
function errorsOf(
  { wcs, quality, matched }: Pick<Solution, 'wcs' | 'quality' | 'matched'>,
  sky: Sky,
): Error_px {
  const truth = projection(sky.truth);
  const off = (x: number, y: number) => {
    const found = skyToPixel(wcs, ...truth.toSky(x, y));
    return found ? Math.hypot(found[0] - x, found[1] - y) : Number.POSITIVE_INFINITY;
  };
  const corners = [1, WIDTH].flatMap((x) => [1, HEIGHT].map((y) => off(x, y)));
  return {
    centre: off((WIDTH + 1) / 2, (HEIGHT + 1) / 2),
    corner: Math.max(...corners),
    rms: (quality.rms_arcsec ?? 0) / pixelScale(wcs),
    matched,
  };
}

const folder = await mkdtemp(join(tmpdir(), 'bench-accuracy-'));
const random = seededRandom(9);
try {
  const solver = new SolveField();
  for (const corner_px of [0, 4, 12]) {
    for (const [pixscale_arcsec, limit_mag] of CAMERAS) {
      const plain: (Error_px | undefined)[] = [];
      const ours: (Error_px | undefined)[] = [];
      for (let i = 0; i < Number(options.fields); i++) {
        const sip = lens(corner_px);
        const sky = renderSky({
          ra_deg: random.uniform() * 360,
          dec_deg: (Math.asin(2 * random.uniform() - 1) * 180) / Math.PI,
          orientation_deg: random.uniform() * 360,
          width: WIDTH,
          height: HEIGHT,
          pixscale_arcsec,
          limit_mag,
          seed: i + 1,
          ...(sip && { sip }),
        });
        const scratch = await mkdtemp(join(folder, 'field-'));
        const path = join(scratch, 'sky.jpg');
        await writeSky(path, sky, { format: 'jpeg' });
        const scale = [pixscale_arcsec / 1.25, pixscale_arcsec * 1.25] as const;
        plain.push(await byHand(scratch, scale, sky));
        const outcome = await solver.solve(
          {
            image: await openImage(path),
            params: parseParams({
              scale_low: scale[0],
              scale_high: scale[1],
              scale_units: 'arcsecperpix',
              timeout: 20,
            }),
            hints: { scales: [], positions: [] },
          },
          {
            scratch,
            cores: 2,
            signal: AbortSignal.timeout(30_000),
            log: () => undefined,
            onProgress: () => undefined,
          },
        );
        ours.push(
          outcome.solved ? errorsOf({ ...outcome, matched: outcome.sources.matched }, sky) : undefined,
        );
      }
      const name = `${String(pixscale_arcsec).padStart(3)}″/px, lens ${String(corner_px).padStart(2)} px`;
      console.log(`${name}  by hand ${words(plain)}\n${''.padEnd(name.length)}  ours    ${words(ours)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function byHand(scratch: string, [low, high]: readonly [number, number], sky: Sky) {
  await runProcess({
    program: 'solve-field',
    args: `--no-plots --overwrite --downsample 2 --cpulimit 20 --scale-units arcsecperpix --scale-low ${low} --scale-high ${high} --wcs solution.wcs --corr solution.corr --match solution.match sky.jpg`.split(
      ' ',
    ),
    cwd: scratch,
    signal: AbortSignal.timeout(40_000),
  });
  const solution = await readSolution(scratch, []).catch(() => undefined);
  return solution && errorsOf(solution, sky);
}

function words(errors: readonly (Error_px | undefined)[]): string {
  const solved = errors.filter((error) => error !== undefined);
  const of = (key: keyof Error_px) => solved.map((error) => error[key]).sort((a, b) => a - b);
  const median = (values: number[]) => (values[Math.floor(values.length / 2)] ?? Number.NaN).toFixed(2);
  const worst = (values: number[]) => (values.at(-1) ?? Number.NaN).toFixed(2);
  const both = (key: keyof Error_px) => `${median(of(key))} (worst ${worst(of(key))})`;
  return `${solved.length}/${errors.length} solved; off at the centre ${both('centre')}, corner ${both('corner')}; rms ${both('rms')} px; matched ${median(of('matched'))}`;
}
