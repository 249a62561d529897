// A worker of the built package: its setup as JSON in the first argument. Answers each line of stdin with how often it has called its store.
import { createInterface } from 'node:readline';
import { AstroJobWorker, FileSystemJobStore } from '../../dist/index.js';
import { BullMQJobQueue } from '../../dist/queue/bullmq/index.js';
import { PostgresJobStore } from '../../dist/store/postgres/index.js';
import { FixedSolver } from '../../dist/testing.js';

const { dir, postgres, queue, fixed } = JSON.parse(process.argv[2]);
const asked =
  dir === undefined ? new PostgresJobStore({ connectionString: postgres }) : new FileSystemJobStore({ dir });
let operations = 0;
const store = new Proxy(asked, {
  get(target, name) {
    const value = Reflect.get(target, name, target);
    if (typeof value !== 'function') return value;
    return (...given) => {
      operations += 1;
      return value.apply(target, given);
    };
  },
});
const worker = new AstroJobWorker({
  store,
  concurrency: 1,
  ...(queue && { queue: new BullMQJobQueue(queue) }),
  ...(fixed && { solver: new FixedSolver({ answer: { ra_deg: 84, dec_deg: -3, pixscale_arcsec: 60 } }) }),
});
createInterface({ input: process.stdin })
  .on('line', () => console.log(JSON.stringify({ operations })))
  .on('close', () => worker.close({ graceSeconds: 0 }));
await worker.start();
console.log(JSON.stringify({ pid: process.pid }));
await worker.run();
process.exit();
