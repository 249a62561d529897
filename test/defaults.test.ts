import { tmpdir } from 'node:os';
import { expect, it, vi } from 'vitest';
import { defaultCacheDirs } from '../src/defaults.js';

vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  homedir: () => {
    throw new Error('uv_os_homedir returned ENOENT');
  },
}));

it('a user of whom the machine knows no home has a cache among the temporary files', () => {
  for (const name of ['ASTRO_CACHE_DIR', 'XDG_CACHE_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, undefined);
  expect(defaultCacheDirs()).toEqual([expect.stringContaining(tmpdir())]);
  vi.unstubAllEnvs();
});
