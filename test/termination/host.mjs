// A host that uses the jobs that its arguments name, closes them, and has nothing else to do: it must end by itself.
import { AstroJobs, AstroJobWorker, FileSystemJobStore } from '../../dist/index.js';
import { BullMQJobQueue } from '../../dist/queue/bullmq/index.js';
import { PostgresJobStore } from '../../dist/store/postgres/index.js';

const { dir, store: storeUrl, queue: queueUrl, act, closeAfterMs } = JSON.parse(process.argv[2]);
const store = storeUrl
  ? new PostgresJobStore({ connectionString: storeUrl })
  : new FileSystemJobStore({ dir });
const queue = queueUrl ? new BullMQJobQueue({ url: queueUrl }) : undefined;
const host = act.startsWith('worker')
  ? new AstroJobWorker({ store, queue, concurrency: 1, memory: false })
  : new AstroJobs({ store, queue, memory: false });
const image = Buffer.concat([Buffer.from('P5 16 16 255\n'), Buffer.alloc(256, 7)]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const acts = {
  list: () => host.list(),
  nothing: () => {},
  submit: () => host.submit(image, {}, { delaySeconds: 3600 }),
  // Closed while it listens, or while it is about to.
  watch: async () => {
    const { job_id } = await host.submit(image, {}, { delaySeconds: 3600 });
    const stop = new AbortController();
    const watching = (async () => {
      for await (const _ of host.watch(job_id, { signal: stop.signal })) await pause(5);
    })().catch(() => {});
    await pause(10);
    stop.abort();
    await watching;
  },
  worker: () => host.start(),
  // Closed while it starts.
  'worker-early': () => void host.start().catch(() => {}),
};
const acting = Promise.resolve(acts[act]());
// Closed in the middle of it.
if (closeAfterMs !== undefined) await Promise.race([acting.catch(() => {}), pause(closeAfterMs)]);
else await acting;
await Promise.all([host.close({ graceSeconds: 0 }), host.close({ graceSeconds: 0 })]);
await host.close();
console.log('closed');
