import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { describeStore } from '../../src/store/contract/suite.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';

describeStore({ describe, it }, 'FileSystemJobStore', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'astro-store-'));
  const store = new FileSystemJobStore({ dir: join(dir, 'jobs') });
  return { store, dispose: () => rm(dir, { recursive: true, force: true }) };
});
