import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { frameOf } from '../../src/catalog/frame.js';
import type { Exposure } from '../../src/ephemeris/exposure.js';
import { exposureOf } from '../../src/ephemeris/exposure.js';
import { moversIn } from '../../src/moving/moving-in-field.js';
import { OrbitIndex } from '../../src/moving/orbit-index.js';
import type { View } from '../../src/moving/view.js';
import { frame as wcsOf } from '../catalog/support.js';
import { asteroidAt, cometAt, type Place, SITE, satelliteAt } from './scene.js';

const folder = mkdtempSync(join(tmpdir(), 'moving-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CENTER: Place = [217.5, 30.4];
const UTC = '2020-05-31T22:00:30Z';
const beside = (east: number, north: number): Place => [CENTER[0] + east, CENTER[1] + north];
const asteroid = asteroidAt(beside(0.3, 0.2), UTC, 'Testa', 10);
const comet = cometAt(beside(-0.3, -0.2), UTC, 'C/2020 A1 (Test)', 7);
const satellite = satelliteAt(beside(0.1, -0.1), UTC, 'TESTSAT 7');

function view(given: Partial<View> = {}): View {
  const wcs = wcsOf(...CENTER, 2);
  const exposure = exposureOf({ datetime_utc: '2020-05-31T22:00:00Z', exposure: 60 }) as Exposure;
  return { wcs, frame: frameOf(wcs), exposure, site: SITE, magnitude: 18, ...given };
}

let files = 0;
function fileWith(content: string | Uint8Array, name = `file-${++files}.txt`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const cache = join(folder, 'cache');
const look = (paths: string[], given: Partial<View> = {}) =>
  moversIn(view(given), paths, new AbortController().signal, [cache]);

describe('files of elements', () => {
  it('MPCORB with its heading, comets, two lines: each is known by its lines', async () => {
    const { rows, report } = await look([
      fileWith(`MINOR PLANET CENTER ORBIT DATABASE (MPCORB)\n\n------\n${asteroid}\n`),
      fileWith(`${comet}\r\n`),
      fileWith(`${satellite}\n`),
    ]);
    expect(report.files.map(({ kind, objects, damaged }) => [kind, objects, damaged])).toEqual([
      ['minor-planets', 1, 0],
      ['comets', 1, 0],
      ['satellites', 1, 0],
    ]);
    expect(rows.map(({ name, type }) => [name, type])).toEqual([
      ['C/2020 A1 (Test)', 'comet'],
      ['Testa', 'asteroid'],
      ['TESTSAT 7', 'satellite'],
    ]);
    const [seen, moved] = [rows[1]!, rows[2]!];
    expect(seen.ra_deg).toBeCloseTo(CENTER[0] + 0.3, 3);
    expect(seen.dec_deg).toBeCloseTo(CENTER[1] + 0.2, 3);
    expect(seen.trail).toHaveLength(3);
    expect(moved.motion.arcsec_per_hour).toBeGreaterThan(3600 * 600);
    expect(moved.trail!.length).toBeGreaterThan(10);
  });

  it('packed by gzip, and in a folder', async () => {
    const inside = join(folder, 'elements');
    await mkdir(inside);
    writeFileSync(join(inside, 'a.gz'), gzipSync(`heading\n${asteroid}\n`));
    writeFileSync(join(inside, 'b.tle'), satellite);
    writeFileSync(join(inside, '.hidden'), 'no elements');
    const { rows, report } = await look([inside]);
    expect(report.files.map(({ name }) => name)).toEqual(['a.gz', 'b.tle']);
    expect(rows).toHaveLength(2);
  });

  it('a damaged line costs a warning with its number, and no other line', async () => {
    const { rows, report } = await look([
      fileWith(
        [
          asteroid.replace('K205V', 'K2X5V'),
          asteroid,
          asteroid.slice(0, 90),
          asteroid.replace('0.1200000', '1.1200000'),
          asteroid.replace('  2.6000000', '  2.60x0000'),
        ].join('\n'),
      ),
      fileWith([comet, comet.replace('1.200000', 'x.200000'), comet].join('\n')),
    ]);
    const [planets, comets] = report.files;
    // The first one does not even look like a line of elements: it is taken for a heading.
    expect(planets).toMatchObject({ objects: 1, damaged: 3 });
    expect(planets!.warnings).toEqual([
      { code: 'damaged_line', line: 3, message: expect.stringContaining('cut off after 90') },
      { code: 'damaged_line', line: 4, message: expect.stringContaining('eccentricity') },
      { code: 'damaged_line', line: 5, message: expect.stringContaining('semi-major axis') },
    ]);
    expect(comets!.warnings).toEqual([
      { code: 'damaged_line', line: 2, message: expect.stringContaining('columns 31 to 39') },
    ]);
    expect(rows).toHaveLength(3);
  });

  it('what is no file of elements, is not there or is cut off is named, and the rest is read', async () => {
    const packed = gzipSync(`${`${asteroid}\n`.repeat(2000)}`);
    const { rows, report } = await look([
      join(folder, 'not-there'),
      fileWith('a letter\nto a friend\n'),
      fileWith(Buffer.alloc(100_000, 'x')),
      fileWith(packed.subarray(0, packed.length - 200)),
      fileWith(asteroid),
    ]);
    expect(report.files.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
      ['unreadable_file'],
      ['unknown_format'],
      ['unreadable_file'],
      ['unreadable_file'],
      [],
    ]);
    expect(JSON.stringify(report)).not.toContain(folder);
    expect(rows.length).toBeGreaterThanOrEqual(1);
  });

  it('elements that are too old say so instead of a wrong place', async () => {
    const old = comet.replace('20200531', '19900531');
    const { rows, report } = await look([
      fileWith(old),
      fileWith(satelliteAt(beside(0.1, -0.1), '2020-05-01T22:00:30Z', 'OLD')),
    ]);
    expect(rows).toEqual([]);
    expect(report.files.map(({ outdated, warnings }) => [outdated, warnings[0]?.code])).toEqual([
      [1, 'outdated_elements'],
      [1, 'outdated_elements'],
    ]);
  });

  it('without a site no satellite is stated, and why; asteroids say how far off they may be', async () => {
    const paths = [fileWith(satellite), fileWith(asteroid)];
    const { rows, report } = await look(paths, { site: undefined });
    expect(report.not_stated).toEqual([{ what: 'satellites', why: expect.stringContaining('site') }]);
    expect(rows.map(({ name }) => name)).toEqual(['Testa']);
    expect(rows[0]!.uncertainty_arcmin).toBeGreaterThan(0.05);
    const long = exposureOf({ datetime_utc: '2020-05-31T22:00:30Z' }) as Exposure;
    expect((await look(paths, { exposure: long })).report.not_stated).toEqual([
      { what: 'satellites', why: expect.stringContaining('how long') },
    ]);
  });

  it('what is fainter than the field is worth is left out', async () => {
    const bright = (await look([fileWith(asteroid)])).rows[0]!.magnitude!;
    expect((await look([fileWith(asteroid)], { magnitude: bright - 0.2 })).rows).toEqual([]);
    expect((await look([fileWith(asteroid)], { magnitude: bright + 0.2 })).rows).toHaveLength(1);
  });
});

/** A file of faint asteroids as large as MPCORB is, with a damaged line, and a bright one at its end. */
async function largeFile(path: string, lines: number): Promise<void> {
  const file = await open(path, 'w');
  const faint = asteroid.replace('  10.00', '  25.00');
  const piece = `${faint}\n`.repeat(10_000);
  await file.write(`${faint}\n${faint.slice(0, 90)}\n`);
  for (let i = 0; i < lines / 10_000; i++) await file.write(piece);
  await file.write(`${asteroid}\n`);
  await file.close();
}

/** What work comes to, with what it has cost. */
async function costOf<T>(work: () => Promise<T>) {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 5);
  const began = process.cpuUsage();
  try {
    const value = await work();
    const { user, system } = process.cpuUsage(began);
    return { value, turns, megabytes: (most - before) / 2 ** 20, cpu_s: (user + system) / 1e6 };
  } finally {
    clearInterval(timer);
    clearInterval(watch);
  }
}

describe('a file as large as MPCORB', () => {
  const LINES = 1_400_000;
  const path = join(folder, 'MPCORB.DAT');

  it('is sorted once in little memory, while other work goes on, and each picture then reads what it is worth', async () => {
    await largeFile(path, LINES);
    const first = await costOf(() => look([path]));
    const second = await costOf(() => look([path]));
    for (const { value, megabytes } of [first, second]) {
      expect(value.rows.map(({ name }) => name)).toEqual(['Testa']);
      expect(value.report.files).toEqual([
        expect.objectContaining({ objects: LINES + 2, damaged: 1, outdated: 0 }),
      ]);
      expect(value.report.files[0]!.warnings).toMatchObject([{ code: 'damaged_line', line: 2 }]);
      expect(megabytes).toBeLessThan(80);
    }
    expect(first.turns).toBeGreaterThan(20);
    expect(second.cpu_s).toBeLessThan(first.cpu_s / 10);
  }, 120_000);

  it('is sorted anew when it has changed, and nothing of the old index is left', async () => {
    await largeFile(path, 50_000);
    const { rows, report } = await look([path]);
    expect(rows).toHaveLength(1);
    expect(report.files[0]).toMatchObject({ objects: 50_002 });
    expect((await readdir(cache)).filter((name) => name.endsWith('.lines'))).toHaveLength(1);
  });

  it('is read as it is where no index can be kept, or where that is damaged', async () => {
    const without = await moversIn(view(), [path], new AbortController().signal, []);
    expect(without.rows).toHaveLength(1);
    expect(without.report.files[0]).toMatchObject({ objects: 50_002, damaged: 1 });
    for (const name of await readdir(cache))
      if (name.endsWith('.lines')) await truncate(join(cache, name), 1000);
    expect((await look([path])).rows).toHaveLength(1);
  });

  it('gives the lines that are bright enough, with their numbers', async () => {
    const faint = asteroid.replace('  10.00', '  25.00');
    writeFileSync(path, `${`${faint}\n`.repeat(25_000)}${asteroid}\n`.repeat(2));
    const { signal } = new AbortController();
    const index = await OrbitIndex.of(path, [cache], signal);
    const lines: [text: string, number: number][] = [];
    await index!.read(18, signal, (bytes, from, to, number) =>
      lines.push([bytes.toString('latin1', from, to), number]),
    );
    expect(lines).toEqual([25_001, 50_002].map((number) => [asteroid.slice(0, 194), number]));
  });

  it('is left when the job is ended', async () => {
    const left = fileWith(`${asteroid}\n`.repeat(50_000));
    const stop = new AbortController();
    const looking = moversIn(view({ magnitude: 0 }), [left], stop.signal, [cache]);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(looking).rejects.toThrow('enough');
  });
});
