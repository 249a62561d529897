import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagedStars } from '../../scripts/stars/packaged.js';
import { renderSky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const FIELD = { ra_deg: 83.2, dec_deg: 22.1, width: 900, height: 900, pixscale_arcsec: 1.9 } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dense-stars-'));
  // As npm lays packages out; those that this one needs are the repository's.
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'astro-jobs'), { recursive: true });
  for (const part of ['dist', 'data', 'package.json'])
    await cp(join(root, part), join(modules, 'astro-jobs', part), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules')))
    if (!name.startsWith('.')) await symlink(join(root, 'node_modules', name), join(modules, name));
  const sky = renderSky({ ...FIELD, limit_mag: 12.5 });
  await writeSky(join(folder, 'narrow.png'), sky, { format: 'png' });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Which stars solved the narrow field, and where it points. */
async function solve(): Promise<{ index: string; ra: number; dec: number }> {
  const script = `
    import { analyze } from 'astro-jobs';
    const result = await analyze('narrow.png', { solver: 'builtin', ra: ${FIELD.ra_deg}, dec: ${FIELD.dec_deg}, radius: 1, scale_low: 0.3, scale_high: 0.7 });
    if (!result.ok) throw new Error(result.error);
    const { quality, ra_center: ra, dec_center: dec } = result.astrometry;
    console.log(JSON.stringify({ index: quality.index, ra, dec }));`;
  await writeFile(join(folder, 'solve.mjs'), script);
  const env = { ...process.env, ASTRO_CACHE_DIR: join(folder, 'cache') };
  const { stdout } = await promisify(execFile)(process.execPath, ['solve.mjs'], { cwd: folder, env });
  return JSON.parse(stdout) as { index: string; ra: number; dec: number };
}

describe('a narrow field', () => {
  it('is solved through index files, and by the dense stars once they are installed', async () => {
    const through = await solve();
    expect(through.index).toMatch(/^index-.*\.fits$/);
    expect(through.ra).toBeCloseTo(FIELD.ra_deg, 2);
    expect(through.dec).toBeCloseTo(FIELD.dec_deg, 2);

    const dense = join(folder, 'node_modules/astro-jobs-stars-dense');
    await cp(join(root, 'packages/stars-dense/package.json'), join(dense, 'package.json'));
    const { bytes, count } = packagedStars('/usr/share/astrometry', true);
    expect(count).toBeGreaterThan(1_850_000);
    await writeFile(join(dense, 'stars.bin'), bytes);
    const solved = await solve();
    expect(solved.index).toMatch(/^packaged-0\.[345]/);
    expect(solved.ra).toBeCloseTo(through.ra, 2);
    expect(solved.dec).toBeCloseTo(through.dec, 2);

    // A damaged one is as good as none.
    await writeFile(join(dense, 'stars.bin'), 'no stars');
    expect((await solve()).index).toMatch(/^index-/);
  });
});
