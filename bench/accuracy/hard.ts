import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StarCatalog } from '../../src/engine/star-catalog.js';
import { openImage } from '../../src/image/open.js';
import type { PlateOutcome } from '../../src/solver/solver.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { HARD_KINDS, type HardKind, type HardSky, type Hint, hardSky } from '../../test/sky/hard.js';
import { projection } from '../../test/sky/projection.js';
import { writeSky } from '../../test/sky/write.js';
import { quantile } from '../engine/bench.js';
import { solveBuiltin } from './solve-builtin.js';

/** A solution that is off by more than this share of the diagonal is wrong. */
const MAX_OFF = 0.01;

/** Rendered pictures of the kinds that are hard, solved as JPEG by the package's own engine: a section of docs/accuracy.md. */
export async function hardSection(
  catalog: StarCatalog,
  pictures: number,
): Promise<{ text: string; isGood: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-hard-'));
  const rows: string[] = [];
  let wrong = 0;
  try {
    for (const kind of HARD_KINDS) {
      const offs: number[] = [];
      const refusals = new Map<string, number>();
      let wrongHere = 0;
      for (let seed = 1; seed <= pictures; seed++) {
        const sky = hardSky(kind, seed, catalog);
        const outcome = await solve(folder, sky);
        if (outcome.kind === 'failed') {
          refusals.set(outcome.code, (refusals.get(outcome.code) ?? 0) + 1);
          continue;
        }
        const off = offBy(outcome, sky);
        if (off > MAX_OFF * Math.hypot(sky.width, sky.height)) wrongHere++;
        else offs.push(off);
      }
      wrong += wrongHere;
      rows.push(row(kind, pictures, offs, wrongHere, refusals));
      console.log(rows.at(-1));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const text = `Rendered pictures of 1200 × 800 pixels, 4° to 60° wide, saved as JPEG and solved by \`builtin\`, blind but where the kind says otherwise: then the centre is known to
half of the height of the picture and the scale to 3 %. Errors are those of the worst of the middle and four places half way to the corners, in pixels; a solution that is off by more than 1 % of the
diagonal is wrong.

| kind | solved | wrong | median error px | worst px | refused as |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}`;
  return { text, isGood: wrong === 0 };
}

async function solve(folder: string, sky: HardSky): Promise<PlateOutcome> {
  const path = join(folder, 'sky.jpg');
  await writeSky(path, sky, { format: 'jpeg' });
  return solveBuiltin(await openImage(path), sky.hint && paramsOf(sky.hint));
}

function paramsOf({ ra_deg, dec_deg, radius_deg, scale: [low, high] }: Hint) {
  return {
    ra: ra_deg,
    dec: dec_deg,
    radius: radius_deg,
    scale_low: low,
    scale_high: high,
    scale_units: 'arcsecperpix',
  };
}

/** Pixels between where the solution puts places and where they truly are, at the worst of five. */
function offBy({ wcs }: Extract<PlateOutcome, { kind: 'plate' }>, sky: HardSky): number {
  const truth = projection(sky.truth);
  const places = [
    [0.5, 0.5],
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ] as const;
  const offs = places.map(([u, v]) => {
    const [x, y] = [u * sky.width, v * sky.height];
    const at = truth.toPixel(...pixelToSky(wcs, x, y));
    return at ? Math.hypot(at[0] - x, at[1] - y) : Number.POSITIVE_INFINITY;
  });
  return Math.max(...offs);
}

function row(
  kind: HardKind,
  pictures: number,
  offs: readonly number[],
  wrong: number,
  refusals: ReadonlyMap<string, number>,
): string {
  const pixels = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : '');
  const refused = [...refusals].map(([code, count]) => `${code} ${count}`).join(', ');
  const cells = [
    kind,
    `${offs.length}/${pictures}`,
    wrong,
    pixels(quantile(offs, 0.5)),
    pixels(Math.max(...offs)),
    refused,
  ];
  return `| ${cells.join(' | ')} |`;
}
