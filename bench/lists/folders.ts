import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listedStatus } from './listed-status.mjs';

/** Folders of so many jobs, as another program leaves them, and the hidden one of ours. Returns their ids, the newest first. */
export function makeFolders(dir: string, count: number): string[] {
  mkdirSync(join(dir, '.astro-jobs', 'scratch'), { recursive: true });
  return Array.from({ length: count }, (_, n) => {
    const status = listedStatus(n);
    const folder = join(dir, status.job_id);
    for (const name of ['', 'input', 'output']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'status.json'), `${JSON.stringify(status, null, 1)}\n`);
    writeFileSync(join(folder, 'task.log'), '');
    return status.job_id;
  });
}
