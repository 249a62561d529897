// Very many submits at once in one process, and all of them run: how many file handles and how much memory it takes.
//
//   node --import ./scripts/typescript.mjs bench/soak/flood.mjs [jobs, default 10000]
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AstroJobs, FileSystemJobStore, InProcessQueue } from '../../src/index.js';
import { JobRunner } from '../../src/worker/job-runner.js';

const MIB = 1024 ** 2;
const handles = async () => (await readdir('/proc/self/fd')).length;

const document = {
  ...{ ok: true, filename: 'sky.pgm', capture: {} },
  astrometry: {
    ra_center: 0,
    dec_center: 0,
    fov_deg: [1, 1],
    pixscale_arcsec: 1,
    orientation_deg: 0,
    objects: [],
  },
};

export async function flood({ dir, jobs: wanted }) {
  const store = new FileSystemJobStore({ dir });
  const idle = new AstroJobs({ store, queue: new InProcessQueue({ concurrency: 0 }) });
  const image = Buffer.concat([Buffer.from('P5 8 8 255\n'), Buffer.alloc(64)]);
  globalThis.gc?.();
  const before = { handles: await handles(), heap: process.memoryUsage().heapUsed };
  const most = { handles: 0, heap: 0 };
  const look = async () => {
    most.handles = Math.max(most.handles, await handles());
    most.heap = Math.max(most.heap, process.memoryUsage().heapUsed);
  };
  const looking = setInterval(() => void look(), 20);
  const started = performance.now();
  const submitted = await Promise.all(
    Array.from({ length: wanted }, () => idle.submit(image, { solver: 'external' }, { filename: 'sky.pgm' })),
  );
  const stored = performance.now();
  const order = submitted.map(({ job_id }) => job_id);

  const taken = [];
  const silent = () => {};
  const runner = new JobRunner({
    store,
    analyze: async () => ({ result: document, files: {} }),
    leaseSeconds: 30,
    maxAttempts: 3,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    tracer: { job: (_status, run) => run({ attempt: silent, end: silent }) },
  });
  for (let claim = await runner.claimNext(); claim; claim = await runner.claimNext()) {
    taken.push(claim.id);
    await runner.run(claim);
  }
  const ended = performance.now();
  clearInterval(looking);
  await look();
  const { done } = await store.counts();
  await idle.close();
  return {
    acknowledged: new Set(order).size,
    done,
    out_of_order: taken.filter((id, place) => id !== order[place]).length,
    handles_before: before.handles,
    most_handles: most.handles,
    heap_growth_mib: Math.round((most.heap - before.heap) / MIB),
    peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
    submit_seconds: (stored - started) / 1000,
    run_seconds: (ended - stored) / 1000,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const dir = await mkdtemp(join(tmpdir(), 'astro-flood-'));
  try {
    console.log(JSON.stringify(await flood({ dir, jobs: Number(process.argv[2] ?? 10_000) }), null, 2));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
