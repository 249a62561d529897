import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until, useCli } from '../cli/process.js';
import { EXTERNAL, writeExtractor, writeImage } from '../cli/scripted.js';

const cli = useCli();

/** Longer than any test: what ends before is not ended by it. */
const GRACE = ['--grace', '1h'];

describe('a second signal', () => {
  it('ends a worker that waits for its job at once', async () => {
    const image = await writeImage(join(cli.dir, 'sky.png'));
    const env = { ASTRO_EXTRACT_BIN: await writeExtractor(cli.dir, '[ -e released ] || exec sleep 1000') };
    const worker = cli.start(['worker', ...GRACE], { env });
    await until(() => worker.stdout().includes('\n'));
    const id = await cli.submit(image, ...EXTERNAL);
    const running = async () => (await cli.json(['status', '--job-id', id])).state === 'processing';
    await until(running);
    worker.kill('SIGTERM');
    expect(await running()).toBe(true);
    worker.kill('SIGTERM');
    expect((await worker.ended).code).toBe(143);
  });

  it('ends a server that waits for an upload at once', async () => {
    const server = cli.start(['serve', '--port', '0', ...GRACE]);
    await until(() => server.stdout().includes('\n'));
    const { url } = JSON.parse(server.stdout()) as { url: string };
    const { hostname, port } = new URL(url);
    const upload = connect(Number(port), hostname);
    upload.on('error', () => {});
    upload.write(
      'POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Length: 100000\r\n\r\nx',
    );
    await fetch(`${url}api/v1/health`);
    server.kill('SIGINT');
    await until(() =>
      fetch(`${url}api/v1/health`).then(
        () => false,
        () => true,
      ),
    );
    server.kill('SIGTERM');
    expect((await server.ended).code).toBe(143);
    upload.destroy();
  });
});
