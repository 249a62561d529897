import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSource } from '../../src/jobs/submit/image-source.js';

const open = (image: string | Uint8Array, filename?: string) =>
  openSource(image, { filename, maxBytes: 1e6 });

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
