import { createHash, randomBytes } from 'node:crypto';
import { newJobId } from 'astro-jobs';
import { PostgresJobStore } from 'astro-jobs/stores/postgres';

// In a process of its own (`--expose-gc`), whose memory nothing else uses: 200 MB in, 200 MB out, and by how much what the
// process holds grew at most. Garbage is not held: V8 lets some 64 MB of it lie, however little is in use.
const SIZE = 200_000_000;
const LOOK_EVERY = 20_000_000;
const store = new PostgresJobStore({ connectionString: process.argv[2], schema: 'large_image' });
await store.counts();

let peak = 0;
let passed = 0;
let looked = 0;
const held = () => {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const before = held();
const pass = (bytes) => {
  passed += bytes.length;
  if (passed - looked < LOOK_EVERY) return;
  looked = passed;
  peak = Math.max(peak, held());
};

const block = randomBytes(1_000_000);
const written = createHash('sha256');
async function* image() {
  for (let sent = 0; sent < SIZE; sent += block.length) {
    block.writeUInt32LE(sent, 0);
    written.update(block);
    pass(block);
    yield block;
  }
}

const now = Date.now() / 1000;
const job_id = newJobId();
const status = {
  job_id,
  state: 'queued',
  message: null,
  params: {},
  created_at: now,
  updated_at: now,
  filename: 'large.fits',
};
await store.create(status, image());
const read = createHash('sha256');
const file = await store.image(job_id);
for await (const part of file.read()) {
  read.update(part);
  pass(part);
}
await store.remove(job_id);
await store.close();
const same = read.digest('hex') === written.digest('hex');
process.stdout.write(JSON.stringify({ same, size: file.size, passed, grownBytes: peak - before }));
