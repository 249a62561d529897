import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const DIST = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

const HOST = `
import { AstroJobs, DetachedQueue, FileSystemJobStore } from ${JSON.stringify(DIST)};
const store = new FileSystemJobStore({ dir: process.argv[2] });
const jobs = new AstroJobs({ store, queue: new DetachedQueue() });
const image = Buffer.concat([Buffer.from('P5 1000 1000 255\\n'), Buffer.alloc(1_000_000)]);
const codes = [];
for (let n = 0; n < 2; n++) await jobs.submit(image).catch((error) => codes.push(error.code));
console.log(JSON.stringify({ codes, jobs: (await jobs.list()).jobs.length }));
await jobs.close();
`;

it('an image beyond the limit of file size of a host is refused, and the host lives', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'file-size-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const host = join(folder, 'host.mjs');
  await writeFile(host, HOST);
  const limited = ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath, host, join(folder, 'jobs')];
  const stdout = await new Promise<string>((resolve, reject) =>
    execFile('/bin/sh', limited, (error, out, err) =>
      error ? reject(new Error(err, { cause: error })) : resolve(out),
    ),
  );
  expect(JSON.parse(stdout)).toEqual({ codes: ['storage_full', 'storage_full'], jobs: 0 });
});
