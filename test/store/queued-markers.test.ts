import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { create, newStatus } from '../../src/store/contract/under-test.js';
import { FileSystemJobStore } from '../../src/store/file-system/file-system-job-store.js';
import { layoutOf } from '../../src/store/file-system/layout.js';
import { addMarker } from '../../src/store/file-system/markers.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

it.each([
  ['short', 5],
  ['as long as any', 60],
  ['very long', 3000],
])(
  'keeps the marker of a job that is being made when its queue is looked at, one that is expected to be %s',
  async (_, expected_seconds) => {
    const dir = await mkdtemp(join(tmpdir(), 'astro-markers-'));
    folders.push(dir);
    const store = new FileSystemJobStore({ dir });
    // Looked at by a clock that was read before.
    const now = Date.now() / 1000 - 2;
    const other = (await create(store)).status.job_id;
    const layout = layoutOf(dir);
    const status = newStatus({ expected_seconds });
    await addMarker(layout, status, 0o600);
    const markers = async () => (await readdir(layout.queued)).filter((name) => name.includes(status.job_id));
    expect(await store.runnable({ now, limit: 10 })).toEqual([other]);
    const [marker] = await markers();
    expect(marker).toBeDefined();
    // Whoever made it has died.
    const long = Date.now() / 1000 - 120;
    await utimes(join(layout.queued, marker!), long, long);
    expect(await store.runnable({ now, limit: 10 })).toEqual([other]);
    expect(await markers()).toEqual([]);
  },
);
