import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatCards } from '../../src/fits/write-card.js';

const HTTP = fileURLToPath(new URL('../../dist/http/index.js', import.meta.url));
if (!existsSync(HTTP)) throw new Error('These tests run the built program: `npm run build` first');

const MEGABYTE = 1024 ** 2;
const PIECE = Buffer.alloc(MEGABYTE, 7);

/** The header of a FITS image of 10240 × 10240 bytes: 100 MiB. */
function largeHeader(): Buffer {
  const cards = Object.entries({ SIMPLE: true, BITPIX: 8, NAXIS: 2, NAXIS1: 10_240, NAXIS2: 10_240 });
  const text = formatCards(cards.map(([keyword, value]) => ({ keyword, value, comment: '' })));
  return Buffer.from(`${text}${'END'.padEnd(80)}`.padEnd(2880), 'latin1');
}

async function* bytes(before: Buffer, pieces: number, after: Buffer): AsyncGenerator<Buffer> {
  yield before;
  for (let piece = 0; piece < pieces; piece++) yield PIECE;
  yield after;
}

describe('an upload of 100 MB', () => {
  it.each([
    ['as the body', 'api/v1/jobs', 'application/octet-stream', '', ''],
    [
      'as a form',
      'api/v1/jobs',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="image"; filename="a.fits"\r\n\r\n',
      '\r\n--b--\r\n',
    ],
    [
      'as nova has it',
      'api/upload',
      'multipart/form-data; boundary=b',
      '--b\nContent-Disposition: form-data; name="request-json"\r\n\r\n{"session": "x"}\n--b\nContent-Disposition: form-data; name="file"; filename="a.fits"\r\n\r\n',
      '\n--b--\n',
    ],
  ])('%s stays out of memory', async (_, path, type, before, after) => {
    const dir = await mkdtemp(join(tmpdir(), 'upload-'));
    const child = fork(fileURLToPath(new URL('upload-memory.mjs', import.meta.url)), [dir], {
      execArgv: ['--expose-gc'],
    });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    });
    const heard = async (message?: string) => {
      const answer = once(child, 'message');
      if (message) child.send(message);
      return (await answer)[0];
    };
    const { url } = await heard();
    await fetch(`${url}api/v1/jobs`);
    const idle = (await heard('reset')).peak;
    const body = Readable.from(
      bytes(Buffer.concat([Buffer.from(before), largeHeader()]), 100, Buffer.from(after)),
    );
    const response = await fetch(url + path, {
      method: 'POST',
      body: Readable.toWeb(body) as ReadableStream,
      duplex: 'half',
      headers: { 'content-type': type },
    } as RequestInit);
    expect(await response.json()).not.toHaveProperty('error');
    expect(response.status).toBeLessThan(300);
    const { peak } = await heard('peak');
    expect((peak - idle) / MEGABYTE).toBeLessThan(150);
    expect((peak - idle) / MEGABYTE).toBeGreaterThan(0);
  });
});
