import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { identify } from '../../src/image/kind.js';
import { fitsOf, imageCards } from './files.js';

const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');
const isoMedia = (...brands: string[]) => {
  const box = bytes(`\0\0\0\0ftyp${brands[0]}\0\0\0\0${brands.join('')}`);
  box.writeUInt32BE(box.length);
  return box;
};

describe('identify', () => {
  it.each([
    ['jpeg', bytes('\xff\xd8\xff\xe0')],
    ['camera-raw', bytes('II*\0\x10\0\0\0CR\x02\0')],
    ['camera-raw', isoMedia('crx ')],
    ['camera-raw', bytes('FUJIFILMCCD-RAW 0201')],
    ['camera-raw', bytes('IIRO\x08\0\0\0')],
    ['camera-raw', bytes('IIU\0\x18\0\0\0')],
    ['camera-raw', bytes('II*\0\x08\x0a\0\0IIIICwaR')],
    ['camera-raw', bytes('MM\0*\0\0\x0a\x08MMMMRawC')],
    ['png', bytes('\x89PNG\r\n\x1a\n')],
    ['gif', bytes('GIF89a')],
    ['webp', bytes('RIFF\x10\0\0\0WEBPVP8 ')],
    ['tiff', bytes('II*\0\x08\0\0\0')],
    ['tiff', bytes('MM\0*\0\0\0\x08')],
    ['tiff', bytes('MM\0+\0\x08\0\0')],
    ['heic', isoMedia('heic', 'mif1')],
    ['heic', isoMedia('mif1', 'heic')],
    ['xisf', bytes('XISF0100')],
    ['ser', bytes('LUCAM-RECORDER')],
    ['fits', bytes('BZh91AY&SY')],
    ['fits', bytes('\x28\xb5\x2f\xfd')],
    ['jxl', bytes('\xff\x0a\x00')],
    ['jxl', bytes('\0\0\0\x0cJXL \r\n\x87\n')],
    ['avif', isoMedia('avif', 'mif1')],
    ['avif', isoMedia('mif1', 'avif')],
    ['pnm', bytes('P6\n# a comment\n2 2 255\n')],
    ['pnm', bytes('P1 1 1 1')],
    ['fits', fitsOf(imageCards(2, 2))],
    ['fits', gzipSync(fitsOf(imageCards(2, 2)))],
  ])('knows %s', (kind, head) => {
    expect(identify(head)).toEqual({ kind });
  });

  it.each([
    ['Canon CRW', bytes('II\x1a\0\0\0HEAPCCDR')],
    ['PDF', bytes('%PDF-1.7')],
    ['HTML', bytes('\n  <!DOCTYPE html><html>')],
    ['HTML', bytes('<html lang="en">')],
    ['SVG', bytes('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['JSON', bytes('{"error": "no"}')],
    ['ZIP', bytes('PK\x03\x04')],
    ['video', isoMedia('isom', 'mp42')],
    ['HEIF', isoMedia('mif3')],
    ['video', isoMedia('qt  ')],
    ['gzip', gzipSync(bytes('no FITS in here'))],
    ['gzip', bytes('\x1f\x8b\x08garbage')],
  ])('names %s as unsupported, and says what to do', (name, head) => {
    const found = identify(head);
    expect(found).toMatchObject({
      unsupported: expect.stringContaining(name),
      advice: expect.stringMatching(/\w+ \w+/),
    });
  });

  it('knows nothing of noise and of nothing, and refuses text by name', () => {
    expect(identify(bytes('\x01\x02\x03\x04'))).toBeUndefined();
    expect(identify(new Uint8Array(0))).toBeUndefined();
    expect(identify(bytes('Dear Sir or Madam'))).toMatchObject({ unsupported: 'a text' });
    expect(
      identify(bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n')),
    ).toMatchObject({ unsupported: 'a Git LFS pointer' });
    expect(identify(bytes('BM and no header behind it, though long enough'))).toMatchObject({
      unsupported: 'a text',
    });
  });

  it('takes the first bytes for what counts when a file is two things', () => {
    expect(identify(bytes('\xff\xd8\xff\xe0 %PDF-1.4 SIMPLE  = <html>'))).toEqual({ kind: 'jpeg' });
    expect(identify(bytes('%PDF-1.4 \xff\xd8\xff\xe0'))).toMatchObject({
      unsupported: expect.stringContaining('PDF'),
    });
  });
});
