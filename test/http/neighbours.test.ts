import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { clientOf, forwardedClient } from '../../src/http/clients.js';
import { namedHosts, ownHosts } from '../../src/http/hosts.js';
import { createHandler, type ServeOptions, serve } from '../../src/http/index.js';
import { answerOf, smallPicture, type TestServer, testServer } from './support.js';

interface Answered {
  status: number;
  code?: string;
}

/** A request with headers that `fetch` reserves for browsers: Host, Origin, Sec-Fetch-Site. */
async function send(
  server: TestServer,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
): Promise<Answered> {
  const body = method === 'POST' ? await smallPicture() : undefined;
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, server.url), { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const code = /"error_code":"(\w+)"/.exec(text)?.[1];
        resolve({ status: response.statusCode ?? 0, ...(code !== undefined && { code }) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const open: ServeOptions = { allowAnonymous: true, host: '0.0.0.0', nova: true };
const bytes = { 'content-type': 'application/octet-stream' };

describe('a page of another origin, on a network address', () => {
  // Browsers send no Sec-Fetch-Site to what is neither https nor localhost.
  it.each(['https://evil.example', 'http://evil.example:8080', 'null', 'file://', 'http://127.0.0.1:1'])(
    'submits nothing from %s',
    async (origin) => {
      const server = await testServer(open);
      expect(await send(server, 'POST', '/api/v1/jobs', { ...bytes, origin })).toEqual({
        status: 403,
        code: 'cross_site',
      });
      const form = { 'content-type': 'multipart/form-data; boundary=b', origin };
      expect((await send(server, 'POST', '/api/v1/jobs', form)).status).toBe(403);
      expect((await server.jobs.list()).jobs).toEqual([]);
    },
  );

  it('submits nothing to nova with an address alone', async () => {
    const server = await testServer(open);
    const list = encodeURIComponent('{"x": [1, 2, 3], "y": [1, 2, 3]}');
    for (const service of ['url_upload', 'upload'])
      await fetch(`${server.url}api/${service}?request-json=${list}`).then((response) => response.text());
    expect((await server.jobs.list()).jobs).toEqual([]);
  });

  it('reads nothing under a name of its own', async () => {
    const server = await testServer(open);
    for (const host of ['evil.example', 'evil.example:8080', 'rebind_1.evil.example', 'evil.example.'])
      for (const path of ['/', '/api/v1/jobs', '/api/v1/openapi.json', '/api/login'])
        expect((await send(server, 'GET', path, { host })).status, `${host} ${path}`).toBe(421);
  });

  it('may not show what the server has', async () => {
    const server = await testServer(open);
    const response = await fetch(`${server.api}/health`);
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  });
});

describe('the own page, and programs', () => {
  it('are served under every name of this machine', async () => {
    const server = await testServer(open);
    const { port } = new URL(server.url);
    for (const host of ['localhost', '192.168.1.7', '[fd00::1]', 'observatory', 'nas.local']) {
      const named = `${host}:${port}`;
      const origin = `http://${named}`;
      expect((await send(server, 'POST', '/api/v1/jobs', { ...bytes, host: named, origin })).status).toBe(
        202,
      );
      expect((await send(server, 'GET', '/api/v1/jobs', { host: named })).status).toBe(200);
    }
  });

  it('are served behind a proxy, whether it keeps the Host or not', async () => {
    const server = await testServer({ allowedHosts: ['sky.example.org', '.lab.example'] });
    const origin = 'https://sky.example.org';
    const post = (headers: Record<string, string>) =>
      send(server, 'POST', '/api/v1/jobs', { ...bytes, ...headers });
    expect((await post({ host: 'sky.example.org', origin })).status).toBe(202);
    expect((await post({ host: 'a.lab.example:8443', origin: 'https://a.lab.example:8443' })).status).toBe(
      202,
    );
    expect((await post({ host: '127.0.0.1:8080', origin })).status).toBe(202);
    expect(
      (await post({ host: '127.0.0.1:8080', origin: 'https://a.example', 'sec-fetch-site': 'same-origin' }))
        .status,
    ).toBe(202);
    expect((await post({ host: 'other.example.org' })).status).toBe(421);
    expect((await post({ host: 'sky.example.org', origin: 'https://sky.example.org:444' })).status).toBe(403);
  });

  it('of origins that `cors` names are served, and pictures may be shown there', async () => {
    const server = await testServer({ cors: { origins: ['https://obs.example'] } });
    const origin = 'https://obs.example';
    expect((await send(server, 'POST', '/api/v1/jobs', { ...bytes, origin })).status).toBe(202);
    expect((await fetch(`${server.api}/health`)).headers.get('cross-origin-resource-policy')).toBeNull();
  });

  it('are told from one another by `authorize` behind trusted proxies', async () => {
    const seen: (string | undefined)[] = [];
    const server = await testServer({
      trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'],
      authorize(_, { peer }) {
        seen.push(peer.remoteAddress);
        return { caller: 'any' };
      },
    });
    await send(server, 'GET', '/api/v1/jobs', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 10.1.2.3' });
    await send(server, 'GET', '/api/v1/jobs', {});
    expect(seen).toEqual(['203.0.113.9', '127.0.0.1']);
  });

  it('are not asked for their Host by a handler that is mounted somewhere, unless it is told names', async () => {
    const { jobs } = await testServer();
    const asked = (options = {}) =>
      createHandler(jobs, options)(new Request('http://evil.example/api/v1/health'));
    expect((await asked()).status).toBe(200);
    expect(await answerOf(asked({ allowedHosts: ['sky.example'] }))).toMatchObject({
      error_code: 'misdirected',
    });
    expect((await asked({ allowedHosts: ['*'] })).status).toBe(200);
  });

  it('get a clear refusal of options that name nothing', async () => {
    const { jobs } = await testServer();
    await expect(serve(jobs, { port: 0, allowedHosts: ['http://x/'] })).rejects.toThrow(/name of a host/);
    await expect(serve(jobs, { port: 0, trustedProxies: ['nginx'] })).rejects.toThrow(/address such as/);
  });
});

describe('names and addresses', () => {
  it.each([
    ['127.0.0.1', 'localhost:8080', true],
    ['127.0.0.1', 'a.localhost', true],
    ['127.0.0.1', '[::1]:80', true],
    ['127.0.0.1', 'evil.local', false],
    ['127.0.0.1', '192.168.1.2', false],
    ['127.0.0.1', 'localhost.evil.example', false],
    ['0.0.0.0', '192.168.1.2:80', true],
    ['0.0.0.0', 'astro-jobs:8080', true],
    ['0.0.0.0', '127.0.0.1.evil.example', false],
    ['0.0.0.0', '', false],
    ['sky.example', 'SKY.example:80', true],
  ])('bound to %s, a server is %s: %s', (bound, host, own) => {
    expect(ownHosts(bound)(host)).toBe(own);
  });

  it('are compared whole', () => {
    const isNamed = namedHosts(['sky.example', '.lab.example']);
    expect(['sky.example', 'Sky.Example.:8443', 'lab.example', 'a.b.lab.example'].map(isNamed)).not.toContain(
      false,
    );
    expect(
      ['asky.example', 'sky.example.evil', 'evillab.example', 'user@sky.example'].map(isNamed),
    ).not.toContain(true);
  });

  it('of IPv6 count by their network, IPv4 in IPv6 as IPv4', () => {
    expect(clientOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(clientOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
    expect(clientOf('2001:db8:1:2::9')).toBe(clientOf('2001:0db8:1:2:ffff::1'));
    expect(clientOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
    expect(clientOf(undefined)).toBe('anonymous');
  });

  it('a client says of itself are not believed', () => {
    const isProxy = (address: string) => address === '10.0.0.1';
    expect(forwardedClient('192.0.2.1', '1.1.1.1', isProxy)).toBe('192.0.2.1');
    expect(forwardedClient('10.0.0.1', '1.1.1.1, 192.0.2.1', isProxy)).toBe('192.0.2.1');
    expect(forwardedClient('10.0.0.1', 'unknown', isProxy)).toBe('10.0.0.1');
    expect(forwardedClient('10.0.0.1', undefined, isProxy)).toBe('10.0.0.1');
  });
});
