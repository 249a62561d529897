// Below a path of a Fastify application: PORT=8080 node examples/http-fastify.mjs
import { AstroJobs } from 'astro-jobs';
import { createHandler, nodeListener } from 'astro-jobs/http';
import fastify from 'fastify';

const jobs = new AstroJobs({ dir: process.env.JOBS_DIR ?? './jobs' });
const handler = createHandler(jobs, { basePath: '/astro' });
const listener = nodeListener(handler);

const app = fastify();
await app.register(async (astro) => {
  // Nothing may touch the bodies here: uploads are streamed, not collected.
  astro.removeAllContentTypeParsers();
  astro.addContentTypeParser('*', (_request, _body, done) => done(null));
  const answer = (request, reply) => {
    reply.hijack();
    listener(request.raw, reply.raw);
  };
  astro.all('/astro', answer);
  astro.all('/astro/*', answer);
});
app.addHook('onClose', async () => {
  await handler.close();
  await jobs.close({ graceSeconds: 10 });
});

await app.listen({ port: Number(process.env.PORT ?? 8080), host: '127.0.0.1' });
console.log(`http://127.0.0.1:${app.server.address().port}/astro/`);
process.once('SIGTERM', () => app.close());
