import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ImageInput, openSource } from '../../src/jobs/submit/image-source.js';

const open = (image: ImageInput, filename?: string) => openSource(image, { filename, maxBytes: 1e6 });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'source-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('a refused image', () => {
  it('that is there is never called not found', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'notes.txt'), 'Clear until two o’clock.');
    await writeFile(join(dir, 'empty.png'), '');
    await expect(open(join(dir, 'notes.txt'))).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.not.stringContaining('not found'),
    });
    await expect(open(join(dir, 'empty.png'))).rejects.toMatchObject({
      code: 'corrupt_image',
      message: expect.stringContaining('empty'),
    });
    await expect(open(new TextEncoder().encode('<html>'), 'a.jpg')).rejects.toMatchObject({
      code: 'unsupported_image',
      message: expect.not.stringContaining('not found'),
    });
  });

  it('that may not be read is told so', async () => {
    const path = join(await folder(), 'secret.png');
    await writeFile(path, 'x');
    await chmod(path, 0);
    if (process.getuid?.() === 0)
      return expect(open(path)).rejects.toMatchObject({ code: 'unsupported_image' });
    await expect(open(path)).rejects.toMatchObject({
      code: 'storage_failed',
      message: expect.stringContaining('permission denied'),
    });
  });

  it('that is absent, or no file, is called not found', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'file'), 'x');
    for (const path of [join(dir, 'none.png')])
      await expect(open(path)).rejects.toMatchObject({
        code: 'image_not_found',
        message: expect.stringMatching(/^Image not found: /),
      });
  });
});

describe('an image', () => {
  const pgm = Buffer.concat([Buffer.from('P5 4 4 255\n'), Buffer.alloc(16, 9)]);

  /** All that a source gives, and its name. */
  async function read(image: ImageInput): Promise<{ name: string; bytes: Buffer }> {
    await using source = await open(image);
    const parts: Uint8Array[] = [];
    for await (const part of source.bytes) parts.push(part);
    return { name: source.name, bytes: Buffer.concat(parts) };
  }

  it('is read from a path and from a file: URL alike', async () => {
    const path = join(await folder(), 'a sky#1.pgm');
    await writeFile(path, pgm);
    for (const image of [path, pathToFileURL(path)])
      expect(await read(image)).toEqual({ name: 'a sky#1.pgm', bytes: pgm });
  });

  it('is read from bytes in each of their forms', async () => {
    const own = new Uint8Array(pgm);
    for (const image of [own, own.buffer, new Blob([own]), new Blob([own]).stream()])
      expect(await read(image)).toEqual({ name: 'image', bytes: pgm });
  });

  it('that is something else is refused by a code', async () => {
    const texts = (async function* () {
      yield 'P5';
    })();
    for (const image of [
      undefined,
      null,
      7,
      {},
      [],
      texts,
      new URL('https://example.org/m42.jpg'),
      new URL('file://host/m42.jpg'),
    ])
      await expect(read(image as ImageInput), String(image)).rejects.toMatchObject({
        code: 'invalid_params',
      });
  });
});
