import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { soak } from './soak.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    jobs: { type: 'string', default: '1000' },
    real: { type: 'string', default: '50' },
    workers: { type: 'string', default: '3' },
  },
});
let shownAt = 0;
const counts = await soak({
  seconds: Number(values.seconds),
  jobs: Number(values.jobs),
  real: Number(values.real),
  workers: Number(values.workers),
  realImage: fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url)),
  onProgress: (now) => {
    if (Date.now() - shownAt < 5000) return;
    shownAt = Date.now();
    console.error(JSON.stringify(now));
  },
});
console.log(JSON.stringify(counts, null, 2));
const sound =
  counts.lost +
    counts.unsettled +
    counts.wrong_result +
    counts.left_in_queue +
    counts.left_in_scratch +
    counts.left_processes ===
  0;
process.exitCode = sound ? 0 : 1;
