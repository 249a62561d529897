// Submits jobs while this process has no file handles, or very few, then with enough of them; says what became of each.
import { closeSync, openSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AstroJobs } from '../../dist/index.js';

const [dir] = process.argv.slice(2);
const script = join(dir, 'extractor');
const document = {
  ...{ ok: true, filename: 'sky', capture: {} },
  astrometry: {
    ra_center: 1,
    dec_center: 2,
    fov_deg: [1, 1],
    pixscale_arcsec: 1,
    orientation_deg: 0,
    objects: [],
  },
};
await writeFile(script, `#!/bin/sh\necho '${JSON.stringify(document)}'\n`);
await chmod(script, 0o755);
const image = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64)]);

// A claim that was cut off in the middle costs one lease.
const jobs = new AstroJobs({ dir, extractorBin: script, maxAttempts: 9, leaseSeconds: 2 });
const first = await jobs.submit(image, { solver: 'external' });
// Node itself ends a process that has no handle left to load a module with; after one job all are loaded.
await jobs.wait(first.job_id);
const refused = [];
const acknowledged = [first.job_id];
const held = [];
for (let spare = 0; spare < 12; spare += 2) {
  try {
    for (;;) held.push(openSync('/dev/null'));
  } catch {
    for (let handle = 0; handle < spare; handle += 1) closeSync(held.pop());
  }
  const submits = Array.from({ length: 3 }, () => jobs.submit(image, { solver: 'external' }));
  for (const { status, value, reason } of await Promise.allSettled(submits)) {
    if (status === 'fulfilled') acknowledged.push(value.job_id);
    else refused.push(reason.code);
  }
}
for (const handle of held) closeSync(handle);
acknowledged.push((await jobs.submit(image, { solver: 'external' })).job_id);
const done = [];
for (const id of acknowledged) {
  // One that ran while there were no handles ended in storage_failed.
  if ((await jobs.wait(id)).error_code === 'storage_failed') await jobs.retry(id);
  if ((await jobs.wait(id)).ok) done.push(id);
}
await jobs.close();
console.log(JSON.stringify({ refused, acknowledged, done }));
