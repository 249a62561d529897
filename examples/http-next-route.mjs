// A route of Next.js: save it as app/astro/[[...path]]/route.mjs, and name the package in `serverExternalPackages` of
// next.config.mjs, since it brings programs and data of its own.
import { AstroJobs } from 'astro-jobs';
import { createHandler } from 'astro-jobs/http';

export const runtime = 'nodejs';
export const dynamic = 'force-dynamic';

const jobs = new AstroJobs({ dir: process.env.JOBS_DIR ?? './jobs' });
const handler = createHandler(jobs, { basePath: '/astro', token: process.env.ASTRO_TOKEN });

// Next gives a second argument of its own, which is none of the handler's.
const answer = (request) => handler(request);

export { answer as DELETE, answer as GET, answer as HEAD, answer as OPTIONS, answer as POST };
