// A worker process for the tests of faults: runs the jobs of a directory until it is told to stop, or killed.
// SIGUSR2 sets its clock, as an administrator would, by `clockJumpSeconds`.
import { AstroJobs, FileSystemJobStore, InProcessQueue } from '../../dist/index.js';

const options = JSON.parse(process.argv[2]);
const realNow = Date.now;
process.on('SIGUSR2', () => {
  Date.now = () => realNow() + options.clockJumpSeconds * 1000;
});

const say = (level) => (fields, message) =>
  console.error(level, message, fields.job_id ?? '', fields.err?.code ?? '', fields.err?.message ?? '');
const jobs = new AstroJobs({
  store: new FileSystemJobStore({ dir: options.dir }),
  queue: new InProcessQueue({ concurrency: options.concurrency, pollMs: 100 }),
  leaseSeconds: options.leaseSeconds,
  maxAttempts: options.maxAttempts,
  scratchDir: options.scratchDir,
  extractorBin: options.extractorBin,
  limits: options.limits,
  logger: { debug() {}, info: say('info'), warn: say('warn'), error: say('error') },
});
jobs.wake();
const alive = setInterval(() => jobs.wake(), 200);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    clearInterval(alive);
    await jobs.close({ graceSeconds: options.closeSeconds });
    console.error('closed', `peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  });
}
console.error('ready');
