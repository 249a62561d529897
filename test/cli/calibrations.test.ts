import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/job/logger.js';
import { FileOpticsMemory } from '../../src/optics/file-memory.js';
import { useCli } from './process.js';

const cli = useCli();
const KEYS = ['ab', 'cd'].map((start) => start.repeat(32)) as [string, string];
const LENS = {
  version: 1,
  width: 600,
  height: 400,
  projection: 'TAN',
  center: [300.5, 200.5],
  arcsec_per_pixel: 20,
  sip: { a: [[0, 0, 1e-7]], b: [[0, 0, 2e-7]] },
};

async function remember(): Promise<void> {
  const memory = new FileOpticsMemory({ dir: cli.jobsDir, access: 'private', logger: silentLogger });
  for (const [i, key] of KEYS.entries())
    await memory.put(key, { optics: `Camera ${i + 1}, 600 × 400`, arcsec_per_pixel: 21 });
}

describe('calibrations', () => {
  it('are listed, imported, exported and forgotten one by one', async () => {
    await remember();
    const cameras = KEYS.map((key, i) => ({
      key,
      optics: `Camera ${i + 1}, 600 × 400`,
      arcsec_per_pixel: 21,
    }));
    expect(await cli.json(['calibrations', 'list'])).toEqual({ ok: true, cameras });
    const file = join(cli.jobsDir, 'lens.json');
    await writeFile(file, JSON.stringify(LENS));
    const taught = await cli.json(['calibrations', 'import', 'cdcd', file]);
    expect(taught).toMatchObject({
      ok: true,
      key: KEYS[1],
      arcsec_per_pixel: 20,
      lens: { projection: 'TAN' },
    });
    const copy = join(cli.jobsDir, 'copy.json');
    expect(await cli.json(['calibrations', 'export', 'cd', '-o', copy])).toEqual({ ok: true, file: copy });
    expect(JSON.parse(await readFile(copy, 'utf8'))).toEqual(LENS);
    expect(await cli.json(['calibrations', 'forget', 'cd'])).toEqual({ ok: true, forgotten: 1 });
    expect(await cli.json(['calibrations', 'list'])).toEqual({ ok: true, cameras: cameras.slice(0, 1) });
  });

  it('that are none are refused', async () => {
    await remember();
    const file = join(cli.jobsDir, 'lens.json');
    await writeFile(file, '{"version": 1}');
    const ended = await cli.run(['calibrations', 'import', 'ab', file]);
    expect(ended).toMatchObject({ code: 2 });
    expect((await cli.run(['calibrations', 'forget', 'ef'])).stdout).toContain('not_found');
    expect((await cli.run(['calibrations', 'export', 'ab'])).stdout).toContain(
      'No lens is known of Camera 1',
    );
  });
});
