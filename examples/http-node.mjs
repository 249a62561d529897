// The API and the page behind Node's own server: PORT=8080 node examples/http-node.mjs
import { createServer } from 'node:http';
import { AstroJobs } from 'astro-jobs';
import { createHandler, nodeListener } from 'astro-jobs/http';

const jobs = new AstroJobs({ dir: process.env.JOBS_DIR ?? './jobs' });
const handler = createHandler(jobs, { nova: true });
const server = createServer(nodeListener(handler));

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});

process.once('SIGTERM', async () => {
  server.close();
  await handler.close();
  await jobs.close({ graceSeconds: 10 });
});
