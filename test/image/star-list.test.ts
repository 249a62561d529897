import { describe, expect, it } from 'vitest';
import { openImage } from '../../src/image/open.js';
import { temporaryFolder } from './files.js';
import { STAR_FILES, tablesFits } from './star-files.js';

const folder = temporaryFolder();
const STARS = [
  { x: 10.25, y: 20.5, flux: 100 },
  { x: 399.75, y: 1, flux: 1000 },
  { x: 55, y: 299.5, flux: 10 },
];
const refusal = (message: RegExp) => ({
  code: 'unsupported_image',
  message: expect.stringMatching(message),
});

describe('a list of stars', () => {
  it.each(Object.entries(STAR_FILES))('of %s', async (name, write) => {
    const path = folder.put(`${name.replaceAll(' ', '-')}.dat`, write(STARS));
    const image = await openImage(path);
    expect(image).toMatchObject({ kind: 'source-list', width: 0, height: 0 });
    const stars = (await image.stars!())!;
    for (const [i, { x, y, flux }] of STARS.entries()) {
      expect(stars.x[i]).toBeCloseTo(x, 9);
      expect(stars.y[i]).toBeCloseTo(y, 9);
      expect(stars.flux[i]).toBeCloseTo(flux, 6);
    }
    expect(stars.x).toHaveLength(STARS.length);
    await expect(image.grey(1)).rejects.toMatchObject(refusal(/without pixels/));
  });

  it('leaves out the rows that have no position, and counts no brightness as none', async () => {
    const text = '# 1 X_IMAGE\n# 2 Y_IMAGE\n# 3 FLUX_AUTO\n1 2 5\nnan 3 5\n4 5 nan\n';
    const stars = await (await openImage(folder.put('gaps.cat', text))).stars!();
    expect(stars).toMatchObject({ x: [1, 4], y: [2, 5], flux: [5, 0] });
  });

  it('of several tables, takes the one that is asked for', async () => {
    const path = folder.put('tables.fits', tablesFits({ X: [1], Y: [2] }, { X_IMAGE: [3], Y_IMAGE: [4] }));
    expect(await (await openImage(path)).stars!()).toMatchObject({ x: [1] });
    expect(await (await openImage(path, { extension: '2' })).stars!()).toMatchObject({ x: [3] });
    await expect(openImage(path, { extension: '3' })).rejects.toMatchObject({ code: 'unsupported_image' });
  });

  it('takes a first line of names for what it is', async () => {
    const stars = await (await openImage(folder.put('names.txt', 'x y\n1 2\n3 4\n5 6\n'))).stars!();
    expect(stars).toMatchObject({ x: [1, 3, 5], y: [2, 4, 6], flux: [0, 0, 0] });
  });

  it.each([
    ['a FITS catalogue of the sky', tablesFits({ RA: [1, 2], DEC: [3, 4] })],
    ['a text catalogue of the sky', '# 1 ALPHA_J2000\n# 2 DELTA_J2000\n10.5 20.5\n11 21\n'],
    ['a CSV catalogue of the sky', 'ra,dec,mag\n10.5,20.5,9\n11,21,8\n'],
  ])('refuses %s, which tells what a solve is to find out', async (name, bytes) => {
    const path = folder.put(name.replaceAll(' ', '-'), bytes);
    await expect(openImage(path)).rejects.toMatchObject(refusal(/positions on the sky.*columns X and Y/));
  });

  it('refuses a table of other things, and names them', async () => {
    const path = folder.put('weather.csv', 'temperature,humidity\n10.5,80\n11,70\n');
    await expect(openImage(path)).rejects.toMatchObject(refusal(/TEMPERATURE, HUMIDITY/));
  });

  it.each([
    ['prose', 'Dear Sir or Madam,\nI send you 3 pictures of 2 galaxies.\n', /a text/],
    ['an HTML page', '<!DOCTYPE html>\n<html>1 2 3</html>', /HTML page/],
    ['JSON', '{"x": [1, 2, 3]}', /JSON/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n',
      /Git LFS pointer.*git lfs pull/,
    ],
  ])('is not seen in %s', async (name, text, message) => {
    const path = folder.put(`${name.replaceAll(' ', '-')}.txt`, text);
    await expect(openImage(path)).rejects.toMatchObject(refusal(message));
  });
});
