import { describe, expect, it } from 'vitest';
import { imageFits } from '../../src/fits/write.js';
import { wcsCards } from '../../src/wcs/cards.js';
import { readWcs } from '../../src/wcs/read.js';
import type { Wcs } from '../../src/wcs/wcs.js';

const WCS: Wcs = {
  crval: [83.8, -5.4],
  crpix: [10.5, 8.5],
  cd: [
    [-0.001, 0.0002],
    [0.0002, 0.001],
  ],
  width: 20,
  height: 16,
};

async function fitsOf(cards: Parameters<typeof imageFits>[1]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const image = { width: 20, height: 16, planes: [new Uint8Array(20 * 16)] };
  for await (const part of imageFits(image, cards)) parts.push(part);
  return Buffer.concat(parts);
}

describe('readWcs', () => {
  it('reads the plate solution of a FITS file', async () => {
    expect(await readWcs(await fitsOf(wcsCards(WCS)))).toEqual(WCS);
  });

  it('says so when there is none, or no file', async () => {
    await expect(readWcs(await fitsOf([]))).rejects.toMatchObject({ code: 'unsupported_image' });
    await expect(readWcs('/does/not/exist.wcs')).rejects.toMatchObject({ code: 'image_not_found' });
  });
});
