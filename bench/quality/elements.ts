import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { frameOf } from '../../src/catalog/frame.js';
import { type Exposure, exposureOf } from '../../src/ephemeris/exposure.js';
import { moversIn } from '../../src/moving/moving-in-field.js';
import { frame as wcsOf } from '../../test/catalog/support.js';
import { asteroidAt, type Place } from '../../test/moving/scene.js';
import { seededRandom } from '../../test/sky/random.js';

const LINES = 1_400_000;
const CENTER: Place = [217.5, 30.4];
const FIELDS = [
  { width_deg: 1, magnitude: 18 },
  { width_deg: 10, magnitude: 13 },
];
/** H of asteroids: their number grows tenfold in so many magnitudes up to some 19. */
const TENFOLD = 2.5;
const FAINTEST_H = 19;

/** What looking through a file as large as MPCORB costs, with an index of it and without. */
export async function elementsSection(): Promise<{ text: string; isGood: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'elements-bench-'));
  try {
    const path = join(folder, 'MPCORB.DAT');
    await writeElements(path);
    const megabytes = ((await stat(path)).size / 1e6).toFixed(0);
    const rows: string[] = [];
    let isGood = true;
    for (const { width_deg, magnitude } of FIELDS) {
      const wcs = wcsOf(...CENTER, width_deg);
      const exposure = exposureOf({ datetime_utc: '2020-05-31T22:00:00Z', exposure: 60 }) as Exposure;
      const view = { wcs, frame: frameOf(wcs), exposure, magnitude };
      const cost = async (cacheDirs: string[]) => {
        const began = process.cpuUsage();
        await moversIn(view, [path], new AbortController().signal, cacheDirs);
        const { user, system } = process.cpuUsage(began);
        return (user + system) / 1e6;
      };
      const plain = await cost([]);
      const cache = [join(folder, `cache-${width_deg}`)];
      const [first, next] = [await cost(cache), await cost(cache)];
      isGood &&= next < plain / 3;
      rows.push(
        `| ${width_deg}°, ${magnitude} mag | ${[plain, first, next].map((s) => s.toFixed(3)).join(' | ')} |`,
      );
    }
    const text = [
      `${LINES} lines of MPCORB, ${megabytes} MB; CPU seconds of one picture:`,
      '',
      '| field, limit | without an index | the first, which makes it | each after it |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
    return { text, isGood };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeElements(path: string): Promise<void> {
  const random = seededRandom(3);
  const line = asteroidAt(CENTER, '2020-05-31T22:00:30Z', 'Testa', 10);
  const file = await open(path, 'w');
  for (let done = 0; done < LINES; ) {
    let piece = '';
    for (let i = 0; i < 10_000 && done < LINES; i++, done++) {
      const h = (FAINTEST_H + TENFOLD * Math.log10(random.uniform())).toFixed(2).padStart(5);
      const anomaly = (360 * random.uniform()).toFixed(5).padStart(9);
      const node = (360 * random.uniform()).toFixed(5).padStart(9);
      piece += `${line.slice(0, 8)}${h}${line.slice(13, 26)}${anomaly}${line.slice(35, 48)}${node}${line.slice(57)}\n`;
    }
    await file.write(piece);
  }
  await file.close();
}
