import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../src/http/index.js';
import { answerOf, smallPicture, type TestServer, testServer } from './support.js';

/** Sends bytes as they are, says nothing more, and waits for the connection to end. */
function talk(
  server: TestServer,
  bytes: Buffer | string,
  then: (socket: Socket) => void = () => {},
): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, () => then(socket)));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

const post = (length: number | string, more = '') =>
  `POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: ${length}\r\n${more}\r\n`;

const storedJobs = async ({ jobs }: TestServer) => (await jobs.list()).jobs.length;

describe('slow and broken bodies', () => {
  it('are given up, told so, and leave nothing', async () => {
    const server = await testServer({ limits: { bodyIdleSeconds: 0.3 } });
    const answer = await talk(server, `${post(100_000)}some bytes`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('slow_body');
    expect(await storedJobs(server)).toBe(0);
  });

  it('are given up too when they drip for ever', async () => {
    const server = await testServer({ limits: { bodyIdleSeconds: 5, bodySeconds: 0.5 } });
    let drip: NodeJS.Timeout | undefined;
    const answer = await talk(server, post(100_000), (socket) => {
      drip = setInterval(() => socket.write('x'), 20);
    });
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(await storedJobs(server)).toBe(0);
  });

  it('that end early make no job', async () => {
    const server = await testServer();
    await talk(server, `${post(100_000)}some bytes`, (socket) => socket.destroy());
    await talk(
      server,
      `POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nshort`,
      (socket) => socket.destroy(),
    );
    const handler = createHandler(server.jobs);
    const short = new Request('http://x/api/v1/jobs', {
      method: 'POST',
      body: 'abc',
      headers: { 'content-length': '500', 'content-type': 'a/b' },
    });
    expect(await answerOf(handler(short))).toMatchObject({ error_code: 'incomplete_body' });
    expect(await storedJobs(server)).toBe(0);
  });

  it('that are too large are refused, before and while they come', async () => {
    const server = await testServer({ limits: { maxUploadBytes: 50_000 } });
    expect(await talk(server, post(1e15))).toMatch(/^HTTP\/1\.1 413 /);
    const body = Readable.from([
      await smallPicture(),
      ...Array.from({ length: 100 }, () => Buffer.alloc(1000)),
    ]);
    const response = await fetch(`${server.api}/jobs`, {
      method: 'POST',
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
      headers: { 'content-type': 'a/b' },
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(await storedJobs(server)).toBe(0);
  });

  it.each([
    ['a length that is none', post('many')],
    ['two lengths', post(5, 'Content-Length: 7\r\n')],
    ['a length and chunks', post(5, 'Transfer-Encoding: chunked\r\n')],
    ['a negative length', post(-1)],
    ['no HTTP at all', '\x16\x03\x01\x02\x00nonsense\r\n\r\n'],
  ])('with %s are refused at the door', async (_, bytes) => {
    const server = await testServer();
    expect(await talk(server, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await storedJobs(server)).toBe(0);
  });

  it('behind huge headers are refused', async () => {
    const server = await testServer();
    const huge = `GET /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(100_000)}\r\n\r\n`;
    expect(await talk(server, huge)).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('a thousand uploads at once', () => {
  it('are all taken or all told why not, and the taken ones are all there', async () => {
    const server = await testServer(
      { limits: { submitsPerMinute: 100_000 } },
      { concurrency: 1, limits: { maxJobs: 400 } },
    );
    server.solver.behaviour = 'hang';
    const body = new Uint8Array(await smallPicture());
    const upload = async () => {
      const response = await fetch(`${server.api}/jobs`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'a/b' },
      });
      return { status: response.status, answer: await answerOf(response) };
    };
    const answers = await Promise.all(Array.from({ length: 1000 }, upload));
    const taken = answers.filter(({ status }) => status === 202);
    const refused = answers.filter(({ status }) => status !== 202);
    expect(taken.length).toBeGreaterThanOrEqual(400);
    expect(
      refused.every(({ status, answer }) => status === 503 && answer.error_code === 'too_many_jobs'),
    ).toBe(true);
    const ids = new Set(taken.map(({ answer }) => answer.job_id));
    expect(ids.size).toBe(taken.length);
    for (const id of ids) expect((await server.jobs.image(id)).size).toBe(body.length);
  }, 120_000);

  it('wait in line, and beyond the line are sent away', async () => {
    const server = await testServer({ limits: { concurrentUploads: 1, waitingUploads: 1 } });
    const body = await smallPicture();
    const half = post(body.length) + body.subarray(0, 10).toString('latin1');
    const held: Socket[] = [];
    const hanging = talk(server, Buffer.from(half, 'latin1'), (socket) => held.push(socket));
    await expect.poll(() => held.length).toBe(1);
    const upload = () =>
      fetch(`${server.api}/jobs`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { 'content-type': 'a/b' },
      });
    const both = [upload(), upload(), upload()];
    const first = await Promise.race(both);
    expect(first.status).toBe(503);
    expect(first.headers.get('retry-after')).toBe('5');
    held[0]!.write(body.subarray(10));
    held[0]!.end();
    await hanging;
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses).toContain(202);
  });
});

describe('paths and names', () => {
  it.each([
    '..%2f..%2fetc%2fpasswd',
    'a%00b',
    '%ff',
    'x'.repeat(5000),
    '$(id)',
    '`id`',
    '%0d%0aSet-Cookie:%20a=b',
  ])('the id %s finds no job', async (id) => {
    const server = await testServer();
    for (const rest of ['', '/result', '/log', '/files', '/files/result.json', '/image', '/annotated.jpg']) {
      const answer = await talk(
        server,
        `GET /api/v1/jobs/${id}${rest} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer).not.toMatch(/root:|^set-cookie/im);
    }
  });

  it.each([
    '../status.json',
    '..%2fstatus.json',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2fetc%2fpasswd',
    'result.json%00.wcs',
    'task.log',
    '__proto__',
  ])('the file %s is none of the job', async (name) => {
    const server = await testServer();
    const id = await server.settle();
    const answer = await talk(
      server,
      `GET /api/v1/jobs/${id}/files/${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  });

  it.each([
    '/assets/../../../package.json',
    '/api/v1/jobs/../../../../etc/passwd',
    '/api/v1/jobs/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/assets/http/page/..%2f..%2findex.js',
    '/assets/%2e%2e/x',
    '//etc/passwd',
    '/assets/__proto__',
  ])('nothing of the server is at %s', async (path) => {
    const server = await testServer();
    expect(
      await talk(server, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 404 /);
  });

  it.each([
    '<img src=x onerror=alert(1)>.png',
    '../../../etc/cron.d/x.png',
    '`id`.png',
    '-rf.png',
    'a\r\nSet-Cookie: b=c.png',
    `${'n'.repeat(300)}.png`,
    '\u202egnp.exe',
    '"; rm.png',
  ])('the file name %j is only a name', async (name) => {
    const server = await testServer();
    const response = await fetch(`${server.api}/jobs?filename=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: new Uint8Array(await smallPicture()),
      headers: { 'content-type': 'a/b' },
    });
    const { job_id, filename } = await answerOf(response);
    expect(response.status).toBe(202);
    expect(filename).not.toMatch(/[/\r\n]/);
    await server.jobs.wait(job_id, { timeout: 30 });
    const image = await fetch(`${server.api}/jobs/${job_id}/image`);
    expect(image.status).toBe(200);
    expect(image.headers.get('content-type')).toBe('application/octet-stream');
    expect(image.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]*"; filename\*=UTF-8''[\w.%~!$&+^`|-]*$/,
    );
    expect(image.headers.get('x-content-type-options')).toBe('nosniff');
    expect(image.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(image.headers.get('set-cookie')).toBeNull();
  });

  it('a log full of markup comes as text that runs nothing', async () => {
    const server = await testServer();
    const log = await fetch(`${server.api}/jobs/${await server.settle()}/log`);
    expect(log.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(log.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('an unexpected error tells nothing of the server', async () => {
    const server = await testServer();
    const broken = new Proxy(server.jobs, {
      get: (target, key) =>
        key === 'list' ? () => Promise.reject(new Error('/secret/path')) : Reflect.get(target, key),
    });
    const response = await createHandler(broken)(new Request('http://x/api/v1/jobs'));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('other sites in the same browser', () => {
  const headers = {
    'sec-fetch-site': 'cross-site',
    origin: 'https://evil.example',
    'content-type': 'text/plain',
  };

  it('submit nothing in the name of a visitor', async () => {
    const server = await testServer({ nova: true });
    const request = (url: string, method = 'GET') =>
      createHandler(server.jobs, { nova: true })(
        new Request(url, { method, headers, ...(method === 'POST' && { body: 'x' }) }),
      );
    const list = encodeURIComponent('{"x": [1, 2, 3], "y": [1, 2, 3]}');
    for (const answer of [
      await request('http://127.0.0.1/api/v1/jobs', 'POST'),
      await request('http://127.0.0.1/api/v1/jobs'),
    ]) {
      expect(await answerOf(answer)).toMatchObject({ error_code: 'cross_site' });
    }
    const nova = await request(`http://127.0.0.1/api/url_upload?request-json=${list}`);
    expect(await answerOf(nova)).toMatchObject({ status: 'error' });
    expect((await request('http://127.0.0.1/')).status).toBe(200);
    expect(await storedJobs(server)).toBe(0);
  });

  it('gain nothing by giving their name this address', async () => {
    const server = await testServer();
    const as = (host: string) =>
      talk(server, `GET /api/v1/jobs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await as('evil.example:8080')).toMatch(/^HTTP\/1\.1 421 /);
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080'])
      expect(await as(host)).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('stopping', () => {
  it('ends streams, answers what runs, and takes nothing new', async () => {
    const { serve } = await import('../../src/http/index.js');
    const { jobs, submit, solver } = await testServer();
    solver.behaviour = 'hang';
    const id = await submit();
    const server = await serve(jobs, { port: 0 });
    const events = await fetch(`${server.url}api/v1/jobs/${id}/events`);
    const reading = events.text();
    await server.close({ graceSeconds: 5 });
    expect(await reading).toContain('event: status');
    await expect(fetch(server.url)).rejects.toThrow();
    expect((await jobs.status(id)).state).not.toBe('error');
    await jobs.cancel(id);
  });
});
