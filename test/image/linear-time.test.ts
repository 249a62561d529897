import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { parseHeader } from '../../src/fits/header.js';
import { identify } from '../../src/image/kind.js';
import { openImage } from '../../src/image/open.js';
import { parseTextTable } from '../../src/image/star-text.js';
import { fitsOf, imageCards, temporaryFolder } from './files.js';

const folder = temporaryFolder();

// Each of these took minutes to for ever when it was found: the limit of a test is the limit here.

describe('texts made to be slow', () => {
  it('comments before a drawing', () => {
    expect(identify(Buffer.from(`${'<!---->'.repeat(60)}x`))).toMatchObject({
      unsupported: 'an XML document',
    });
    expect(identify(Buffer.from(`<?xml version="1.0"?> <!-- a --> <!-- b --><svg>`))).toMatchObject({
      unsupported: 'an SVG drawing',
    });
  });

  it('column names of IRAF', () => {
    const table = parseTextTable(`#N ${'\t'.repeat(200_000)}\\${'\t'.repeat(200_000)}#\n#N X Y \\\n1 2\n`);
    expect(table.rows).toEqual([[1, 2]]);
  });

  it('a header of CONTINUE cards', async () => {
    const keywords = ['RA', 'DEC', 'OBJCTRA', 'DATE-OBS', 'EXPTIME', 'FOCALLEN'];
    const cards = keywords.flatMap((keyword) => [
      `${keyword.padEnd(8)}= '12:&'`,
      ...Array.from({ length: 1600 }, (_, i) => `CONTINUE  '${(i % 2 ? 'N0 ' : '1 : ').repeat(16)}&'`),
    ]);
    const text = cards.map((card) => card.padEnd(80)).join('');
    expect(String(parseHeader(Buffer.from(text)).get('RA'))).toHaveLength(3 + 800 * (48 + 64) + 1);
    const path = folder.put('continue.fits', fitsOf([...imageCards(10, 10), ...cards], Buffer.alloc(100)));
    const capture = await readCapture(await openImage(path));
    expect(capture.pointing).toBeUndefined();
  });
});

describe('a picture that is small in its file alone', () => {
  it('is refused before it is decoded', async () => {
    const webp = Buffer.alloc(34);
    webp.write('RIFF', 0);
    webp.writeUInt32LE(26, 4);
    webp.write('WEBPVP8L', 8);
    webp.writeUInt32LE(14, 16);
    webp[20] = 0x2f;
    webp.writeUInt32LE(16_382 | (16_382 << 14), 21);
    await expect(openImage(folder.put('bomb.webp', webp))).rejects.toMatchObject({
      code: 'image_too_large',
      message: expect.stringContaining('maxMemoryBytes'),
    });
  });
});
