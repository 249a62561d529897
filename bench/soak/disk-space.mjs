// A jobs directory on a small disk of its own, which can really be filled. Mounting one needs root.
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function mountSmallDisk({ megabytes }) {
  const dir = await mkdtemp(join(tmpdir(), 'astro-disk-'));
  const own = await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]).then(
    () => true,
    () => false,
  );
  const filler = join(dir, '.filler');
  return {
    dir,
    /** Whether the disk is its own, so that it can be filled. */
    own,
    /** Leaves not a single byte. */
    async fill() {
      const handle = await open(filler, 'a');
      try {
        for (let block = 1024 * 1024; block >= 1; block = Math.floor(block / 4)) {
          const data = Buffer.alloc(block);
          for (;;) {
            const { bytesWritten } = await handle.write(data).catch(() => ({ bytesWritten: 0 }));
            if (bytesWritten === 0) break;
          }
        }
      } finally {
        await handle.close();
      }
    },
    empty: () => rm(filler, { force: true }),
    async dispose() {
      if (own) await run('umount', ['-l', dir]);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
