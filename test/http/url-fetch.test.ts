import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPublicAddress } from '../../src/http/addresses.js';
import { createFetchImage } from '../../src/http/fetch-image.js';
import { answerOf, smallPicture, testServer } from './support.js';

async function origin(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const byUrl = (api: string, url: string) =>
  fetch(`${api}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url }),
  });

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'localhost',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe('fetching by URL', () => {
  it.each([
    'http://127.0.0.1/a.jpg',
    'http://localhost/a.jpg',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://169.254.169.254/latest/meta-data',
    'http://0/',
    'http://user:pass@example.org/',
    'file:///etc/passwd',
    'ftp://example.org/a',
    'gopher://x/',
    'nonsense',
  ])('refuses %s, and keeps nothing', async (url) => {
    const { api, jobs } = await testServer({ urlFetch: true });
    const response = await byUrl(api, url);
    expect([response.status, (await answerOf(response)).error_code]).toEqual([400, 'url_refused']);
    expect((await jobs.list()).jobs).toEqual([]);
  });

  it('refuses a name if any of its addresses is private, and connects only to what it has checked', async () => {
    const signal = new AbortController().signal;
    const fetchFrom = (addresses: string[]) => {
      const resolve = async () =>
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      return createFetchImage(true, 1e6, resolve)!('http://rebinding.example/a.jpg', signal);
    };
    await expect(fetchFrom(['93.184.215.14', '10.0.0.1'])).rejects.toMatchObject({ code: 'url_refused' });
    await expect(fetchFrom(['::ffff:10.0.0.1'])).rejects.toMatchObject({ code: 'url_refused' });
    await expect(fetchFrom([])).rejects.toMatchObject({ code: 'url_refused' });
    // Where the name leads is asked once: the connection goes to the address of that answer.
    let asked = 0;
    const target = await origin((_, response) => response.end('bytes'));
    const { port } = new URL(target);
    const resolve = async () => {
      asked++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const image = await createFetchImage({ allowPrivateAddresses: true }, 1e6, resolve)!(
      `http://no.such.host.example:${port}/m42.jpg`,
      signal,
    );
    expect(Buffer.concat(await Readable.from(image.bytes).toArray()).toString()).toBe('bytes');
    expect(asked).toBe(1);
  });

  it('checks every redirect like the first address', async () => {
    const target = await origin((request, response) => {
      if (request.url === '/loop') response.writeHead(302, { location: '/loop' });
      else response.writeHead(302, { location: 'file:///etc/passwd' });
      response.end();
    });
    const { api } = await testServer({ urlFetch: { allowPrivateAddresses: true } });
    expect(await answerOf(byUrl(api, `${target}/file`))).toMatchObject({ error_code: 'url_refused' });
    expect(await answerOf(byUrl(api, `${target}/loop`))).toMatchObject({
      error: expect.stringContaining('redirects'),
    });
    const pinned = createFetchImage({}, 1e6, async (host) => [
      { address: host === 'first.example' ? '93.184.215.14' : '10.0.0.1', family: 4 },
    ]);
    await expect(pinned!('http://second.example/', new AbortController().signal)).rejects.toMatchObject({
      code: 'url_refused',
    });
  });

  it('fetches, within bounds of size and time', async () => {
    const picture = await smallPicture();
    const target = await origin((request, response) => {
      if (request.url === '/m%2042.png') response.end(picture);
      else if (request.url === '/large') response.writeHead(200).end(Buffer.alloc(5000));
      else if (request.url === '/claims') response.writeHead(200, { 'content-length': 1e12 }).end();
      else if (request.url === '/slow') response.writeHead(200).write('x');
      else if (request.url === '/short')
        response.writeHead(200, { 'content-length': 500 }).write('x', () => response.destroy());
      else response.writeHead(404).end();
    });
    const { api, jobs } = await testServer({
      urlFetch: { allowPrivateAddresses: true, maxBytes: 4000, timeoutSeconds: 1 },
    });
    const code = async (path: string) => {
      const response = await byUrl(api, target + path);
      return [response.status, (await answerOf(response)).error_code];
    };
    expect(await code('/large')).toEqual([413, 'image_too_large']);
    expect(await code('/claims')).toEqual([413, 'image_too_large']);
    expect(await code('/slow')).toEqual([504, 'url_failed']);
    expect(await code('/short')).toEqual([502, 'url_failed']);
    expect(await code('/missing')).toEqual([502, 'url_failed']);
    expect((await jobs.list()).jobs).toEqual([]);
    const status = await answerOf(byUrl(api, `${target}/m%2042.png`));
    expect(await jobs.wait(status.job_id, { timeout: 30 })).toMatchObject({ ok: true, filename: 'm 42.png' });
  });

  it('gives up what answers with anything but an image', async () => {
    const target = await origin((request, response) => {
      if (request.url === '/nowhere') response.writeHead(302, { location: 'http://[' }).end();
      // What is at /silent never answers.
    });
    const switching = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n');
    });
    await new Promise<void>((resolve) => switching.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void switching.close());
    const { api } = await testServer({ urlFetch: { allowPrivateAddresses: true, timeoutSeconds: 1 } });
    const code = async (url: string) => {
      const response = await byUrl(api, url);
      return [response.status, (await answerOf(response)).error_code];
    };
    expect(await code(`${target}/nowhere`)).toEqual([502, 'url_failed']);
    expect(await code(`${target}/silent`)).toEqual([504, 'url_failed']);
    const { port } = switching.address() as AddressInfo;
    expect(await code(`http://127.0.0.1:${port}/`)).toEqual([502, 'url_failed']);
  });

  it('waits for no look-up of a name longer than for the whole', async () => {
    const never = () => new Promise<never>(() => {});
    const fetching = createFetchImage({ timeoutSeconds: 0.2 }, 1e6, never)!(
      'http://slow.example/',
      new AbortController().signal,
    );
    await expect(fetching).rejects.toMatchObject({ code: 'url_failed', status: 504 });
  });
});
