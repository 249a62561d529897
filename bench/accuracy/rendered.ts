import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openImage } from '../../src/image/open.js';
import { parseParams } from '../../src/job/params.js';
import { runProcess } from '../../src/process/run-process.js';
import { pixelScale } from '../../src/solver/search/respects-bounds.js';
import { readSolution, type Solution } from '../../src/solver/solve-field/solution.js';
import { SolveField } from '../../src/solver/solve-field/solve-field.js';
import { skyToPixel } from '../../src/wcs/tan-sip.js';
import type { SipDistortion } from '../../src/wcs/wcs.js';
import { projection } from '../../test/sky/projection.js';
import { seededRandom } from '../../test/sky/random.js';
import { renderSky, type Sky } from '../../test/sky/render.js';
import { writeSky } from '../../test/sky/write.js';

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

/** Rendered skies, solved by plain solve-field by hand and by this library with the same bounds: a section of docs/accuracy.md. */
export async function renderedSection(fields: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-accuracy-'));
  const random = seededRandom(9);
  const rows: string[] = [];
  try {
    for (const corner_px of [0, 4, 12]) {
      for (const [pixscale_arcsec, limit_mag] of CAMERAS) {
        const plain: (Error_px | undefined)[] = [];
        const ours: (Error_px | undefined)[] = [];
        for (let i = 0; i < fields; i++) {
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
          const outcome = await new SolveField().solve(
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
            outcome.kind === 'plate'
              ? errorsOf({ ...outcome, matched: outcome.sources.matched }, sky)
              : undefined,
          );
        }
        rows.push(row(`${pixscale_arcsec}″`, corner_px, plain, ours));
        console.log(rows.at(-1));
      }
    }
    return page(rows, fields);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

function row(
  scale: string,
  lens_px: number,
  plain: (Error_px | undefined)[],
  ours: (Error_px | undefined)[],
) {
  const cells = [plain, ours].flatMap((errors) => {
    const solved = errors.filter((error) => error !== undefined);
    const sorted = (key: keyof Error_px) => solved.map((error) => error[key]).sort((a, b) => a - b);
    const median = (key: keyof Error_px) => sorted(key)[solved.length >> 1] ?? Number.NaN;
    const worst = (key: keyof Error_px) => sorted(key).at(-1) ?? Number.NaN;
    const both = (key: keyof Error_px) => `${median(key).toFixed(2)} (${worst(key).toFixed(2)})`;
    return [
      `${solved.length}/${errors.length}`,
      both('centre'),
      both('corner'),
      both('rms'),
      median('matched'),
    ];
  });
  return `| ${[scale, lens_px, ...cells].join(' | ')} |`;
}

function page(rows: readonly string[], fields: number): string {
  return `Rendered skies of ${WIDTH} × ${HEIGHT} pixels whose truth is known to a fraction of a pixel, solved
by plain \`solve-field --downsample 2\` by hand and by this library with the same bounds of the scale (true one ± 25 %), each with its own default of the
distortion. Pixels of the image: how far the solution is off at the centre and at the worst corner, and the root mean square of
the residuals of the matched stars; median, and in brackets the worst of ${fields} fields. "Lens" is how far a lens moves the corners, mostly as the cube of
the distance from the centre.

| arcsec/px | lens | by hand: solved | centre | corner | rms | matched | ours: solved | centre | corner | rms | matched |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
}
