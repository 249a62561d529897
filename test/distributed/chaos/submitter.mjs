import { setTimeout as sleep } from 'node:timers/promises';
import { openJobs, setup } from './setup.mjs';

// Submits each image until it is acknowledged, and says so: from then on the job must not be lost.
const jobs = openJobs();
for (const { path, params, key } of setup.submissions) {
  for (;;) {
    try {
      const { job_id } = await jobs.submit(path, params, { idempotencyKey: key, rateKey: key });
      process.stdout.write(`${JSON.stringify({ job_id, key })}\n`);
      break;
    } catch (error) {
      process.stderr.write(`${process.pid} submit: ${error.code} ${error.message}\n`);
      await sleep(200);
    }
  }
  await sleep(setup.pauseMs);
}
await jobs.close();
