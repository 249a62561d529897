import { createServer } from 'node:http';
import { AstroJobs } from 'astro-jobs';
import { BullMQJobQueue } from 'astro-jobs/queues/bullmq';
import { PostgresJobStore } from 'astro-jobs/stores/postgres';

// Submits and reads, solves nothing: POST / with an image as the body, GET /<job_id>; GET /healthz and /readyz for probes.
const jobs = new AstroJobs({
  store: new PostgresJobStore(),
  queue: new BullMQJobQueue({ rateLimit: { max: 30, seconds: 60 } }),
});

const server = createServer(async (request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  if (request.url === '/healthz') return answer(200, { ok: true });
  if (request.url === '/readyz') {
    const ready = await jobs.isReachable();
    return answer(ready ? 200 : 503, { ok: ready });
  }
  try {
    if (request.method === 'POST') {
      const rateKey = request.socket.remoteAddress;
      return answer(202, await jobs.submit(request, {}, { filename: 'upload', rateKey }));
    }
    return answer(200, await jobs.status(request.url?.slice(1) ?? ''));
  } catch (error) {
    return answer(error.code === 'not_found' || error.code === 'invalid_id' ? 404 : 400, {
      ok: false,
      error: error.message,
    });
  }
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '127.0.0.1');
process.once('SIGTERM', () => server.close(() => jobs.close()));
