// Below a path of an Express application, for those whom it knows: PORT=8080 node examples/http-express.mjs
import { AstroJobs } from 'astro-jobs';
import { createHandler, nodeListener } from 'astro-jobs/http';
import express from 'express';

/** Stands for whatever an application knows its users by. */
const users = new Map([['ann-secret', 'ann']]);

const jobs = new AstroJobs({ dir: process.env.JOBS_DIR ?? './jobs' });
const handler = createHandler(jobs, {
  basePath: '/astro',
  authorize(request) {
    const token = request.headers.get('authorization')?.replace(/^Bearer /, '');
    const user = users.get(token ?? '');
    // Each user sees only their own jobs; a request without a user is refused.
    return user && { caller: user, scopes: ['submit', 'read:own'] };
  },
});

const app = express();
// Before any body parser: uploads are streamed, not collected.
app.use('/astro', nodeListener(handler));
app.use(express.json());
app.get('/', (_request, response) => response.send('The rest of the application'));

const server = app.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/astro/`);
});

process.once('SIGTERM', async () => {
  server.close();
  await handler.close();
  await jobs.close({ graceSeconds: 10 });
});
