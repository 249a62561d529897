import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DecoderPool } from '../../src/decoding/child/decoder-pool.js';
import { IsolatedReader } from '../../src/decoding/isolated-reader.js';
import { LocalReader } from '../../src/decoding/local-reader.js';
import { bytesOf } from '../../src/export/exported-file.js';
import { storedFile } from '../export/support.js';
import { bmpOf, temporaryFolder, testCard } from '../image/files.js';

const folder = temporaryFolder();
const pool = new DecoderPool();
afterAll(() => pool.release());

const cards = ['SIMPLE  = T', "CTYPE1  = 'RA---TAN'", 'CRVAL1  = 83.8', 'END'];
const solution = Buffer.from(
  cards
    .map((card) => card.padEnd(80))
    .join('')
    .padEnd(2880),
  'latin1',
);

async function source(image: Uint8Array) {
  const wcs = await storedFile(folder.path, 'solution.wcs', solution);
  return {
    imagePath: folder.put('image', image),
    filename: 'image',
    capture: { exposure: 20 },
    file: async (name: string) => (name === 'solution.wcs' ? wcs : undefined),
  };
}

async function scratchDir(name: string): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  return path;
}

describe('a FITS copy that is made in a process of its own', () => {
  it('is the one that this process would make, and leaves nothing when it was read', async () => {
    const scratch = await scratchDir('read');
    const job = await source(bmpOf(testCard(40, 30), 24, true));
    const file = await new IsolatedReader(pool, scratch).exportFits(job, {});
    expect(await readdir(scratch)).toHaveLength(1);
    const bytes = await bytesOf(file);
    expect(bytes).toHaveLength(file.size);
    expect(bytes.equals(await bytesOf(await new LocalReader().exportFits(job, {})))).toBe(true);
    expect(bytes.toString('latin1', 0, 2880)).toMatch(/EXPTIME = +20/);
    expect(await readdir(scratch)).toEqual([]);
  });

  it('of a damaged picture is refused with its code, and leaves nothing', async () => {
    const scratch = await scratchDir('damaged');
    const whole = await readFile(new URL('../../examples/orion.jpg', import.meta.url));
    const job = await source(whole.subarray(0, 600));
    await expect(new IsolatedReader(pool, scratch).exportFits(job, {})).rejects.toMatchObject({
      code: 'corrupt_image',
    });
    expect(await readdir(scratch)).toEqual([]);
  });
});
