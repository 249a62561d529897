import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../cli/process.js';
import { writeImage } from '../cli/scripted.js';

const cli = useCli();

/** What cannot hold a folder: the kernel's file systems, a file, and what would be below one. */
const PLACES = ['/proc/astro-jobs/jobs', '/proc', '/sys/jobs', '/dev/null/jobs', 'file', 'file/jobs'];

describe('a jobs directory that can be none', () => {
  it('is said to be none by every command that needs one', async () => {
    await writeFile(join(cli.dir, 'file'), '');
    const image = await writeImage(join(cli.dir, 'sky.png'));
    for (const place of PLACES) {
      const commands = [
        ['submit', '--image', image],
        ['solve', '--image', image],
        ['serve', '--port', '0'],
        ['worker'],
        ['prune', '--older-than', '1d'],
        // /proc itself is a folder, with no jobs in it.
        ...(place === '/proc' ? [] : [['list'], ['list', '--state', 'queued']]),
      ];
      for (const command of commands) {
        const answer = await cli.json<{ error: string }>([...command, '--jobs-dir', place], 1);
        expect({ place, command, ...answer }).toMatchObject({ ok: false, error_code: 'storage_failed' });
        expect(answer.error).not.toContain('vanished');
      }
      const { checks } = await cli.json<{ checks: { name: string; state: string }[] }>(
        ['doctor', '--jobs-dir', place],
        1,
      );
      expect(checks).toContainEqual(expect.objectContaining({ name: 'jobs directory', state: 'missing' }));
    }
  });

  it('is not what a folder is that is only not there yet', async () => {
    const dir = join(cli.dir, 'new/jobs');
    expect(await cli.json(['list', '--jobs-dir', dir])).toEqual({ ok: true, jobs: [], damaged: [] });
  });
});
