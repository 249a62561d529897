import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Gate } from '../../src/async/gate.js';
import { busy } from '../../src/http/errors.js';
import { createHandler } from '../../src/http/handler.js';
import { RateLimiter } from '../../src/http/limits.js';
import { nodeListener } from '../../src/http/node.js';
import { answerOf, smallPicture, type TestServer, testServer } from './support.js';

function open(server: TestServer, bytes: string, localAddress = '127.0.0.1'): Socket {
  const { port, hostname } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, localAddress }, () => socket.write(bytes));
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** All that a connection says until it ends. */
async function heard(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  if (!socket.closed) await once(socket, 'close');
  return text;
}

const uploadHead = (length: number) =>
  `POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/b\r\nContent-Length: ${length}\r\n\r\n`;
const health = 'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** An upload from another address of this machine. */
function uploadFrom(server: TestServer, localAddress: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${server.api}/jobs`, {
      method: 'POST',
      localAddress,
      headers: { 'content-type': 'a/b' },
    });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('slow uploads', () => {
  it('of one client hold up no other', async () => {
    const server = await testServer();
    const body = await smallPicture();
    const slow = Array.from({ length: 40 }, () => open(server, `${uploadHead(body.length)}x`));
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    await expect.poll(() => slow.every(({ bytesWritten }) => bytesWritten > 0)).toBe(true);
    const good = Array.from({ length: 10 }, () => uploadFrom(server, '127.0.0.2', body));
    expect(await Promise.all(good)).toEqual(good.map(() => 202));
    expect(slow.every(({ closed }) => !closed)).toBe(true);
  });

  it('below the floor are given up, though never idle for long', async () => {
    const limits = { bodyBytesPerSecond: 10_000, bodyRateSeconds: 0.3 };
    const server = await testServer({ limits });
    const socket = open(server, uploadHead(1_000_000));
    const drip = setInterval(() => socket.write('some bytes'), 20);
    const answer = await heard(socket);
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('slow_body');
    expect((await server.jobs.list()).jobs).toEqual([]);
  });

  it('above the floor are taken, however small their pieces', async () => {
    const limits = { bodyBytesPerSecond: 1, bodyRateSeconds: 0.1 };
    const server = await testServer({ limits });
    const body = await smallPicture();
    const outgoing = request(`${server.api}/jobs`, { method: 'POST', headers: { 'content-type': 'a/b' } });
    const answered = once(outgoing, 'response');
    for (let at = 0; at < body.length; at += 40) {
      outgoing.write(body.subarray(at, at + 40));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    outgoing.end();
    expect((await answered)[0].statusCode).toBe(202);
  });
});

describe('connections', () => {
  it('that never finish their headers are closed', async () => {
    const server = await testServer({ limits: { headerSeconds: 0.4 } });
    expect(await heard(open(server, 'GET /api/v1/health HTTP/1.1\r\nHost: local'))).toMatch(
      /^HTTP\/1\.1 408 /,
    );
  });

  it('beyond those of one client are refused with words, and others are served', async () => {
    const server = await testServer({ limits: { connectionsPerClient: 3 } });
    const held = Array.from({ length: 3 }, () => open(server, health));
    await Promise.all(held.map((socket) => once(socket, 'data')));
    const refused = await heard(open(server, health));
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toMatch(/retry-after: 5/i);
    expect(refused).toContain('too_many_connections');
    const [other] = await once(open(server, health, '127.0.0.2'), 'data');
    expect(String(other)).toMatch(/^HTTP\/1\.1 200 /);
    held[0]?.destroy();
    await expect
      .poll(async () => String((await once(open(server, health), 'data'))[0]))
      .toMatch(/^HTTP\/1\.1 200 /);
  });

  it('beyond all that the server takes are refused, of whomever', async () => {
    const server = await testServer({ limits: { connections: 2 } });
    const held = ['127.0.0.2', '127.0.0.3'].map((address) => open(server, health, address));
    await Promise.all(held.map((socket) => once(socket, 'data')));
    expect(await heard(open(server, health, '127.0.0.4'))).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('that say nothing are closed where they are too many', async () => {
    const server = await testServer({ limits: { connectionsPerClient: 1 } });
    await once(open(server, health), 'data');
    expect(await heard(open(server, ''))).toBe('');
  });

  it('of a trusted proxy are not counted as one client', async () => {
    const server = await testServer({ limits: { connectionsPerClient: 1 }, trustedProxies: ['127.0.0.1'] });
    const held = Array.from({ length: 4 }, () => open(server, health));
    for (const [answer] of await Promise.all(held.map((socket) => once(socket, 'data'))))
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('whose client does not read are cut off', async () => {
    const server = await testServer({ limits: { stalledSeconds: 0.3 } });
    const large = Buffer.concat([await smallPicture(), Buffer.alloc(32 * 1024 ** 2)]);
    const { job_id } = await server.jobs.submit(large, {}, { filename: 'large.png' });
    const socket = open(server, `GET /api/v1/jobs/${job_id}/image HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    let bytes = 0;
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(bytes).toBeLessThan(large.length);
  });
});

describe('the budget of an address', () => {
  it('is told with every answer, and what is beyond it is refused', async () => {
    const server = await testServer({ limits: { requestsPerMinute: 3 } });
    const ask = () => fetch(`${server.api}/health`);
    const answers = [await ask(), await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60');
    expect(answers.map(({ headers }) => /r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answerOf(answers[3]!)).toMatchObject({ ok: false, error_code: 'rate_limited' });
    expect(await uploadFrom(server, '127.0.0.2', await smallPicture())).toBe(202);
  });

  it('names the submits too, where there was one', async () => {
    const server = await testServer({ limits: { submitsPerMinute: 5 } });
    const body = new Uint8Array(await smallPicture());
    const answer = await fetch(`${server.api}/jobs`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'a/b' },
    });
    expect(answer.headers.get('ratelimit-policy')).toContain('"submits";q=5;w=60');
    expect(answer.headers.get('ratelimit')).toMatch(/"submits";r=4;t=\d+/);
  });

  it('fills again with time', () => {
    const limiter = new RateLimiter('requests', 60);
    for (let count = 0; count < 60; count++) limiter.take('a', undefined, 0);
    expect(() => limiter.take('a', undefined, 0)).toThrow(/again in 1 s/);
    expect(() => limiter.take('a', undefined, 1000)).not.toThrow();
    expect(() => limiter.take('a', undefined, 1000)).toThrow();
    expect(() => limiter.take('b', undefined, 0)).not.toThrow();
  });

  it('says when too many streams may be tried again', async () => {
    const server = await testServer({ limits: { streamsPerCaller: 1 } });
    server.solver.behaviour = 'hang';
    const id = await server.submit();
    const held = await fetch(`${server.api}/jobs/${id}/events`);
    const refused = await fetch(`${server.api}/jobs/${id}/events`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    await held.body?.cancel();
    await server.jobs.cancel(id);
  });
});

describe('requests', () => {
  it('of one address, however many at once, hold up no other', async () => {
    const { jobs } = await testServer();
    const image = await smallPicture();
    for (let count = 0; count < 20; count++) await jobs.submit(image, {}, { filename: 'a.png' });
    const handler = createHandler(jobs);
    onTestFinished(() => handler.close());
    const list = async (remoteAddress: string) =>
      (await handler(new Request('http://localhost/api/v1/jobs'), { remoteAddress })).arrayBuffer();
    let answered = 0;
    const flood = Array.from({ length: 300 }, () => list('192.0.2.1').then(() => answered++));
    await Promise.race(flood);
    await list('192.0.2.2');
    // Without turns it is answered after all that came before it.
    expect(answered).toBeLessThan(30);
    await Promise.all(flood);
  });
});

describe('requests that are sent one behind the other', () => {
  it('are begun when the answer before is written, so that who reads none has only one made', async () => {
    const begun: string[] = [];
    const large = Buffer.alloc(8 * 2 ** 20, 'x');
    const handler = async ({ url }: Request) => {
      begun.push(new URL(url).pathname);
      return new Response(large);
    };
    const server = createServer(nodeListener(Object.assign(handler, { close: async () => {} }))).listen(0);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.write(['/1', '/2'].map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''));
    await once(socket, 'readable');
    expect(begun).toEqual(['/1']);
    let bytes = 0;
    socket.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    await expect.poll(() => bytes, { timeout: 20_000 }).toBeGreaterThan(2 * large.length);
    expect(begun).toEqual(['/1', '/2']);
  });
});

describe('a gate', () => {
  it('lets no key take all places, and serves who waits in turn', async () => {
    const gate = new Gate({ places: 3, placesPerKey: 2, waiting: 10 });
    const entered: string[] = [];
    const enter = (key: string) =>
      gate.enter(key).then((leave) => {
        entered.push(key);
        return leave;
      });
    const first = [enter('a'), enter('a'), enter('a'), enter('b'), enter('b')];
    const leaveFirst = await first[0]!;
    await first[3];
    expect(entered).toEqual(['a', 'a', 'b']);
    leaveFirst();
    leaveFirst();
    await first[2];
    expect(entered).toEqual(['a', 'a', 'b', 'a']);
  });

  it('refuses one key before the queue is full of it', async () => {
    const gate = new Gate({ places: 1, waiting: 4, refusal: busy });
    await gate.enter('a');
    const waiting = [gate.enter('a'), gate.enter('a')];
    await expect(gate.enter('a')).rejects.toMatchObject({ code: 'busy' });
    const leave = new AbortController();
    const other = gate.enter('b', leave.signal);
    leave.abort(new Error('gone'));
    await expect(other).rejects.toThrow('gone');
    expect(waiting).toHaveLength(2);
  });
});
