// Sends a photograph to a server and waits for what is in it: node examples/http-client.mjs URL IMAGE [TOKEN]
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { createClient } from 'astro-jobs/client';

const [, , baseUrl = 'http://127.0.0.1:8080', image = 'examples/orion.jpg', token] = process.argv;
const client = createClient({ baseUrl, token });

const { job_id } = await client.submit(await openAsBlob(image), {}, { filename: basename(image) });
for await (const { state, progress } of client.watch(job_id)) console.error(state, progress?.stage ?? '');

const result = await client.result(job_id);
if (result.ok) {
  const { ra_center, dec_center, objects } = result.astrometry;
  console.log(
    ra_center.toFixed(4),
    dec_center.toFixed(4),
    objects
      .slice(0, 5)
      .map(({ name }) => name)
      .join(', '),
  );
} else {
  console.log(result.error_code, result.error);
}
