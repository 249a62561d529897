// Below a path of a Hono application: PORT=8080 node examples/http-hono.mjs
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { AstroJobs } from 'astro-jobs';
import { createHandler } from 'astro-jobs/http';
import { Hono } from 'hono';

const jobs = new AstroJobs({ dir: process.env.JOBS_DIR ?? './jobs' });
const handler = createHandler(jobs, { basePath: '/astro' });

const app = new Hono();
const answer = (context) => handler(context.req.raw, { remoteAddress: getConnInfo(context).remote.address });
app.all('/astro', answer);
app.all('/astro/*', answer);

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 8080), hostname: '127.0.0.1' },
  ({ port }) => console.log(`http://127.0.0.1:${port}/astro/`),
);

process.once('SIGTERM', async () => {
  server.close();
  await handler.close();
  await jobs.close({ graceSeconds: 10 });
});
