import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { bmpOf, lumaOf, paletteBmpOf, temporaryFolder, testCard } from './files.js';
import { blockMeans, expectClose } from './means.js';

const folder = temporaryFolder();
const decode = async (name: string, bytes: Uint8Array | string, shrink = 1) =>
  (await openImage(folder.put(name, bytes))).grey(shrink);

describe('bitmaps, decoded here', () => {
  const card = testCard(7, 5);

  it.each([
    [24, false],
    [24, true],
    [32, false],
    [32, true],
  ] as const)('%d bits per pixel, top-down %s', async (bits, topDown) => {
    const image = await decode('a.bmp', bmpOf(card, bits, topDown));
    expect([...image.data]).toEqual(lumaOf(card));
    expect([image.width, image.height, image.scale]).toEqual([7, 5, [1, 1]]);
  });

  it.each([1, 4, 8] as const)('palette of %d bits', async (bits) => {
    const colours = 1 << bits;
    const indices = Array.from({ length: 35 }, (_, i) => (i * 7) % colours);
    const image = await decode('p.bmp', paletteBmpOf(indices, 7, 5, bits));
    expect([...image.data]).toEqual(indices.map((index) => Math.round(255 - (255 * index) / (colours - 1))));
  });

  it('16 bits, five for each colour', async () => {
    const bmp = bmpOf({ width: 2, height: 1, rgb: new Uint8Array(6) }, 32, false);
    bmp.writeUInt16LE(16, 28);
    bmp.writeUInt16LE(0x7fff, 54);
    bmp.writeUInt16LE(0x03e0, 56);
    expect([...(await decode('16.bmp', bmp)).data]).toEqual([255, Math.round(0.587 * 255)]);
  });

  it('shrinks to block means, and says which blocks', async () => {
    const image = await decode('s.bmp', bmpOf(card, 24, false), 2);
    expect([image.width, image.height, image.scale]).toEqual([3, 2, [2, 2]]);
    expectClose(image.data, blockMeans(lumaOf(card), 7, 5, 2), 0.5);
  });

  it('a compressed one is named, not misread', async () => {
    const bmp = bmpOf(card, 24, false);
    bmp.writeUInt32LE(1, 30);
    await expect(decode('rle.bmp', bmp)).rejects.toMatchObject({ code: 'unsupported_image' });
  });
});

describe('netpbm, decoded here', () => {
  const values = Array.from({ length: 12 }, (_, i) => (i * 21) % 256);

  it('P5 and P2 with comments', async () => {
    const header = (magic: string) => `${magic}\n# made by hand\n4 3\n# greatest\n255\n`;
    const binary = Buffer.concat([Buffer.from(header('P5')), Buffer.from(values)]);
    expect([...(await decode('a.pgm', binary)).data]).toEqual(values);
    const text = `${header('P2')}${values.join(' ')} # the end`;
    expect([...(await decode('b.pgm', text)).data]).toEqual(values);
  });

  it('16 bits stay 16 bits, in bytes and in text', async () => {
    const wide = values.map((value) => value * 257);
    const data = Buffer.alloc(24);
    wide.forEach((value, i) => {
      data.writeUInt16BE(value, 2 * i);
    });
    for (const bytes of [
      Buffer.concat([Buffer.from('P5 4 3 65535\n'), data]),
      Buffer.from(`P2 4 3 65535 ${wide.join('\n')}`),
    ]) {
      const image = await decode('w.pgm', bytes);
      expect(image.data).toBeInstanceOf(Uint16Array);
      expect([...image.data]).toEqual(wide);
    }
  });

  it('P6 and P3 become luma, bits become black and white', async () => {
    const card = testCard(4, 3);
    const binary = Buffer.concat([Buffer.from('P6 4 3 255\n'), card.rgb]);
    expect([...(await decode('a.ppm', binary)).data]).toEqual(lumaOf(card));
    expect([...(await decode('b.ppm', `P3 4 3 255\n${card.rgb.join(' ')}`)).data]).toEqual(lumaOf(card));
    const bits = [0, 1, 1, 0, 1, 0, 1, 0, 1, 1];
    const seen = bits.map((bit) => (bit ? 0 : 255));
    expect([...(await decode('c.pbm', `P1 10 1\n${bits.join('')}`)).data]).toEqual(seen);
    const packed = Buffer.concat([Buffer.from('P4 10 1\n'), Buffer.from([0b01101010, 0b11000000])]);
    expect([...(await decode('d.pbm', packed)).data]).toEqual(seen);
  });

  it('a smaller greatest value is stretched to the whole range', async () => {
    expect([...(await decode('m.pgm', 'P2 3 1 100 0 50 100')).data]).toEqual([0, 128, 255]);
  });

  it('missing values are damage', async () => {
    await expect(decode('x.pgm', `P2 4 3 255 ${'7 '.repeat(11)}        `)).rejects.toMatchObject({
      code: 'corrupt_image',
    });
  });
});
