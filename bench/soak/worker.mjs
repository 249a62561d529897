// One worker process of the soak: runs jobs until it is told to stop, or killed.
import { AstroJobs, FileSystemJobStore, InProcessQueue } from '../../dist/index.js';

const [dir, scratchDir, extractorBin, leaseSeconds] = process.argv.slice(2);
const line = (level) => (fields, message) => console.error(level, message, fields.err?.message ?? '');
const jobs = new AstroJobs({
  store: new FileSystemJobStore({ dir }),
  queue: new InProcessQueue({ concurrency: 4, pollMs: 200 }),
  leaseSeconds: Number(leaseSeconds),
  maxAttempts: 20,
  scratchDir,
  extractorBin,
  logger: { debug() {}, info() {}, warn: line('warn'), error: line('error') },
});
jobs.wake();
const alive = setInterval(() => jobs.wake(), 1000);
process.once('SIGTERM', async () => {
  clearInterval(alive);
  await jobs.close();
});
