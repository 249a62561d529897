import { describe, expect, it } from 'vitest';
import { answerOf, smallPicture, type TestServer, testServer } from './support.js';

const BOUNDARY = 'b0undary';
const field = (name: string, text: string) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;

/** A form with an image behind the text. */
async function form(before: string): Promise<Buffer> {
  return Buffer.concat([
    Buffer.from(
      `${before}--${BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n`,
    ),
    await smallPicture(),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

const post = (server: TestServer, path: string, body: Buffer, boundary: string = BOUNDARY) =>
  fetch(`${server.api}/${path}`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  });

const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join('');

describe.each(['jobs', 'jobs/batch'])('a form to %s', (path) => {
  it.each([
    ['more fields than there are', many(1000, (index) => field(`f${index}`, 'x')), 413, 'too_large'],
    ['endless parts', field('timeout', '5').repeat(10_001), 400, 'invalid_multipart'],
    ['endless lines before its first boundary', '\n'.repeat(1000), 400, 'invalid_multipart'],
  ])('with %s is refused before it costs much', async (_, before, status, code) => {
    const server = await testServer();
    const response = await post(server, path, await form(before));
    expect([response.status, (await answerOf(response)).error_code]).toEqual([status, code]);
    expect((await server.jobs.list()).jobs).toEqual([]);
  });

  it('whose type names no boundary is said to be none', async () => {
    const server = await testServer();
    const response = await post(server, path, await form(''), '');
    expect([response.status, (await answerOf(response)).error_code]).toEqual([400, 'invalid_multipart']);
  });
});

describe('a field', () => {
  it.each([
    ['metadata', `{"a":${lists(20_000)}}`],
    ['params', `{"a":${lists(20_000)}}`],
    ['params', `{"timeout":${lists(20_000)}}`],
    ['exports', lists(20_000)],
    ['exports', `[{"format":${lists(20_000)}}]`],
    ['params', '{"__proto__":{"downsample":3}}'],
    ['params', '{"constructor":{"prototype":{}}}'],
    ['__proto__', '1'],
    ['constructor', '1'],
    ['toString', '1'],
  ])('`%s` with %.40s is refused, and not in two thousand words', async (name, text) => {
    const server = await testServer();
    const response = await post(server, 'jobs', await form(field(name, text)));
    const { error, error_code } = await answerOf(response);
    expect([response.status, error_code]).toEqual([400, 'invalid_params']);
    expect(error.length).toBeLessThan(2000);
    expect((await server.jobs.list()).jobs).toEqual([]);
  });

  it('that is unknown is told beside a few others', async () => {
    const server = await testServer();
    const response = await post(server, 'jobs', await form(many(100, (index) => field(`f${index}`, 'x'))));
    expect((await answerOf(response)).error).toMatch(/^Unknown parameter `f0`, `f1`, `f2`, `f3`, `f4`;/);
  });
});
