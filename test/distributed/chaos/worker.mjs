import { openWorker } from './setup.mjs';

const worker = openWorker();
process.once('SIGTERM', () => worker.close({ graceSeconds: 10 }));
await worker.start();
process.stdout.write(`${JSON.stringify({ healthPort: worker.healthPort })}\n`);
await worker.run();
