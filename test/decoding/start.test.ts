import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { DecoderPool } from '../../src/decoding/child/decoder-pool.js';
import { IsolatedReader } from '../../src/decoding/isolated-reader.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));

vi.mock('../../src/decoding/child/decoder-entry.js', () => ({
  entryFile: () => '/nowhere/decoder-process.js',
}));

it('a process that cannot be started is an error that says what to do, and no image is read in its place', async () => {
  const reader = new IsolatedReader(new DecoderPool());
  await expect(reader.read(EXAMPLE, {}, new AbortController().signal)).rejects.toMatchObject({
    code: 'solver_unavailable',
    message: expect.stringMatching(/Cannot find module.*ASTRO_JOBS_ISOLATION=none/s),
  });
});
