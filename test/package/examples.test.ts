import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  // The mark of a test under node:test would make the example a test as well.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return promisify(execFile)(process.execPath, args, { env });
}

describe('the examples, as they are printed', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'astro-jobs-examples-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('script.mjs names what is in the photograph', async () => {
    const { stdout } = await run(example('script.mjs'));
    const [, ra, dec] = /^Centre ([\d.]+)° (-?[\d.]+)°/.exec(stdout) ?? [];
    expect(Number(ra)).toBeCloseTo(84.15, 1);
    expect(Number(dec)).toBeCloseTo(-3.0, 1);
    expect(stdout).toMatch(/′ {2}.+\(.+\)/);
  });

  it('batch.mjs solves a folder, and not twice', async () => {
    await copyFile(example('orion.jpg'), join(dir, 'orion.jpg'));
    await writeFile(join(dir, 'notes.txt'), 'no image');
    await writeFile(join(dir, 'damaged.jpg'), 'no image either');
    const first = await run(example('batch.mjs'), dir, join(dir, 'jobs'));
    const [damaged = '', solved = ''] = first.stdout.split('\n');
    expect(damaged).toMatch(/^damaged\.jpg\tunsupported_image\t/);
    expect(solved).toMatch(/^orion\.jpg\t\S+\t\S+\t\S+$/);
    const [, ra, dec, scale] = solved.split('\t').map(Number) as [number, number, number, number];
    for (const off of [ra - 84.15, dec + 3]) expect(Math.abs(off)).toBeLessThan(0.01);
    expect(scale).toBeCloseTo(30.56, 1);
    expect(first.stderr).toContain('2/2, 1 not solved');
    expect((await run(example('batch.mjs'), dir, join(dir, 'jobs'))).stdout).toBe(first.stdout);
  });

  it('custom-store.mjs writes its journal and keeps what a store promises', async () => {
    expect((await run(example('custom-store.mjs'))).stdout).toBe(
      'orion.jpg: ok true; in the journal: true\n',
    );
    const { stdout } = await run('--test', '--test-reporter=tap', example('custom-store.mjs'));
    expect(stdout).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(10);
  });
});
