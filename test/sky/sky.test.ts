import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import exifReader from 'exif-reader';
import { FITS, type Image } from 'fitsjs-ng';
import sharp from 'sharp';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { fitsFile, wcsCards } from './fits.js';
import { framedWcs, projection, separation_deg } from './projection.js';
import { renderSky } from './render.js';
import { brightStars, indexStars } from './stars.js';
import { trueGeometry } from './truth.js';
import { encodeSky } from './write.js';

const scratch = mkdtempSync(join(tmpdir(), 'sky-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const BARREL = {
  a: [
    [0, 0, 2e-6],
    [0, 1e-6, 0],
    [-3e-6, 0, 0],
  ],
  b: [
    [0, 0, -1e-6],
    [0, 2.5e-6, 0],
    [1.5e-6, 0, 0],
  ],
};

const small = { ra_deg: 84, dec_deg: -3, width: 120, height: 90, pixscale_arcsec: 60, stars: [] };

describe('projection', () => {
  const frames = [
    { ra_deg: 84, dec_deg: -3, orientation_deg: 180, parity: 1 as const },
    { ra_deg: 0.2, dec_deg: 45, orientation_deg: -37, parity: -1 as const },
    { ra_deg: 200, dec_deg: 89.7, orientation_deg: 12, parity: 1 as const },
    { ra_deg: 10, dec_deg: -89.9, orientation_deg: 101, parity: -1 as const },
  ];
  it.each(frames)('agrees with astrometry.net around $ra_deg, $dec_deg', (frame) => {
    for (const sip of [undefined, BARREL]) {
      const plain = framedWcs({ ...frame, width: 1600, height: 1000, pixscale_arcsec: 20 });
      const wcs = sip ? { ...plain, sip } : plain;
      const path = join(scratch, 'frame.wcs');
      const canvas = { data: new Float32Array(0), width: 0, height: 0, channels: 1 as const };
      const size = { IMAGEW: wcs.width, IMAGEH: wcs.height };
      writeFileSync(path, fitsFile(canvas, 8, { ...wcsCards(wcs), ...size }));
      const sky = projection(wcs);
      for (const [x, y] of [
        [1, 1],
        [1600, 1000],
        [313.25, 871.5],
      ] as const) {
        const printed = execFileSync('wcs-xy2rd', ['-w', path, '-x', String(x), '-y', String(y)], {
          encoding: 'utf8',
        });
        const [, ra, dec] = /RA,Dec \((.+), (.+)\)/.exec(printed)!;
        expect(separation_deg(sky.toSky(x, y), [Number(ra), Number(dec)])).toBeLessThan(2e-9);
        const back = sky.toPixel(...sky.toSky(x, y))!;
        expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-6);
      }
    }
  });

  it('knows how an ordinary photograph and an ordinary FITS lie', () => {
    const frame = { ra_deg: 84, dec_deg: -3, width: 300, height: 200, pixscale_arcsec: 60 };
    const photo = trueGeometry(framedWcs({ ...frame, orientation_deg: 180, parity: 1 }), {
      rowOrder: 'top-down',
    });
    expect(photo).toMatchObject({ parity: 1, mirrored: false });
    expect(photo.display_up_deg).toBeCloseTo(0, 4);
    const [topLeft, topRight] = photo.corners;
    expect(topLeft![0]).toBeGreaterThan(topRight![0]);
    expect(topLeft![1]).toBeGreaterThan(-3);
    const fits = trueGeometry(framedWcs({ ...frame, orientation_deg: 0, parity: -1 }), {
      rowOrder: 'bottom-up',
    });
    expect(fits).toMatchObject({ parity: -1, mirrored: false });
    fits.corners.forEach((corner, i) => {
      expect(separation_deg(corner, photo.corners[i]!)).toBeLessThan(1e-9);
    });
    // Turned a quarter clockwise for display, north goes to the right: west is up.
    const turned = trueGeometry(framedWcs({ ...frame, orientation_deg: 180, parity: 1 }), {
      rowOrder: 'top-down',
      exifOrientation: 6,
    });
    expect(turned.display_up_deg).toBeCloseTo(90, 3);
    expect(turned.mirrored).toBe(false);
  });
});

describe('renderSky', () => {
  it('puts the light of a star where the truth says', () => {
    const at = projection(framedWcs({ ...small, orientation_deg: 180, parity: 1 })).toSky(40.3, 61.8);
    const star = { ra_deg: at[0], dec_deg: at[1], mag: 9 };
    const sky = renderSky({ ...small, stars: [star], noise: 0, background: { level: 0 } });
    let [flux, sumX, sumY] = [0, 0, 0];
    sky.data.forEach((light, i) => {
      flux += light;
      sumX += light * ((i % 120) + 1);
      sumY += light * (Math.floor(i / 120) + 1);
    });
    expect(sumX / flux).toBeCloseTo(40.3, 2);
    expect(sumY / flux).toBeCloseTo(61.8, 2);
    expect(sky.stars).toEqual([{ ...star, x: expect.closeTo(40.3, 9), y: expect.closeTo(61.8, 9) }]);
  });

  it('is the same for the same seed and another for another', () => {
    const one = renderSky({ ...small, seed: 7, trees: 0.3, hotPixels: 5 });
    expect(renderSky({ ...small, seed: 7, trees: 0.3, hotPixels: 5 }).data).toEqual(one.data);
    expect(renderSky({ ...small, seed: 8, trees: 0.3, hotPixels: 5 }).data).not.toEqual(one.data);
  });

  it('draws noise of the asked strength', () => {
    const { data } = renderSky({ ...small, noise: 0.02, background: { level: 0.5 } });
    const mean = data.reduce((sum, value) => sum + value) / data.length;
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(Math.sqrt(variance)).toBeCloseTo(0.02, 3);
  });

  it('moves every star of a shuffled sky', () => {
    const options = { ...small, stars: brightStars() };
    const places = renderSky({ ...options, shuffled: true }).stars;
    const truth = renderSky(options).stars;
    expect(places.length).toBe(truth.length);
    expect(truth.length).toBeGreaterThan(5);
    expect(places.filter((star, i) => Math.hypot(star.x - truth[i]!.x, star.y - truth[i]!.y) < 1)).toEqual(
      [],
    );
  });
});

describe('stars', () => {
  it('come from the installed index, where Hipparcos has them too', () => {
    const index = indexStars(83.8, -1, 3);
    const bright = brightStars().filter(
      (star) => star.mag < 7 && separation_deg([star.ra_deg, star.dec_deg], [83.8, -1]) < 2.9,
    );
    expect(bright.length).toBeGreaterThan(15);
    const far = bright.filter((star) => {
      return !index.some(
        (other) => separation_deg([star.ra_deg, star.dec_deg], [other.ra_deg, other.dec_deg]) < 3 / 3600,
      );
    });
    // Tycho-2 lacks a few bright multiple stars, such as sigma Orionis.
    expect(far.length).toBeLessThan(bright.length / 10);
  });

  it('say what to install where there is no index', () => {
    vi.stubEnv('PATH', scratch);
    expect(() => indexStars(0, 0, 1)).toThrow('apt-get install astrometry.net astrometry-data-tycho2');
    vi.unstubAllEnvs();
  });
});

describe('files', () => {
  const sky = renderSky({ ...small, stars: brightStars() });
  const colour = renderSky({ ...small, stars: brightStars(), channels: 3 });

  it('hold EXIF that another reader reads', async () => {
    const exif = {
      make: 'Canon',
      model: 'EOS Ra',
      orientation: 6,
      dateTimeOriginal: '2024:02:03 23:45:06',
      offsetTimeOriginal: '+01:00',
      exposure_s: 1 / 250,
      f_number: 2.8,
      iso: 1600,
      focal_length_mm: 135,
      gps: { lat: -33.25, lon: -70.125, alt: -12.5 },
    };
    for (const byteOrder of ['little', 'big'] as const) {
      for (const format of ['jpeg', 'png'] as const) {
        const file = await encodeSky(sky, { format, exif: { ...exif, byteOrder } });
        const block = (await sharp(file).metadata()).exif!;
        const read = exifReader(block);
        expect(read.bigEndian).toBe(byteOrder === 'big');
        expect(read.Image).toMatchObject({ Make: 'Canon', Model: 'EOS Ra', Orientation: 6 });
        expect(read.Photo).toMatchObject({
          ExposureTime: 1 / 250,
          FNumber: 2.8,
          ISOSpeedRatings: 1600,
          FocalLength: 135,
          OffsetTimeOriginal: '+01:00',
          DateTimeOriginal: new Date('2024-02-03T23:45:06Z'),
        });
        expect(read.GPSInfo).toMatchObject({
          GPSLatitudeRef: 'S',
          GPSLatitude: [33, 15, 0],
          GPSLongitudeRef: 'W',
          GPSLongitude: [70, 7, 30],
          GPSAltitudeRef: 1,
          GPSAltitude: 12.5,
        });
      }
    }
  });

  it.each([8, 16] as const)('hold the pixels in a PNG of %i bits', async (bits) => {
    const file = await encodeSky(sky, { format: 'png', bits });
    const { data } = await sharp(file)
      .toColourspace(bits === 16 ? 'grey16' : 'b-w')
      .raw({ depth: bits === 16 ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const read = bits === 16 ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
    const top = 2 ** bits - 1;
    expect(Array.from(read)).toEqual(Array.from(sky.data, (value) => Math.floor(value * top + 0.5)));
  });

  it.each([8, 16, 32, -32, -64] as const)('hold the pixels in a FITS of BITPIX %i', async (bitpix) => {
    for (const canvas of [sky, colour]) {
      const file = gunzipSync(
        await encodeSky(canvas, { format: 'fits', bitpix, header: { OBJECT: "Barnard's Loop" }, gzip: true }),
      );
      expect(file.length % 2880).toBe(0);
      const hdu = FITS.fromArrayBuffer(
        file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer,
      ).getHDU();
      expect(hdu?.header.get('OBJECT')).toBe("Barnard's Loop");
      const image = hdu?.data as Image;
      const top = bitpix < 0 ? 1 : bitpix === 8 ? 255 : 65535;
      const plane = Array.from(await image.getFrame(canvas.channels - 1), Number);
      const zero = bitpix === 16 && Math.min(...plane) < 0 ? 32768 : 0;
      const worst = plane.reduce((most, value, i) => {
        const drawn = canvas.data[i * canvas.channels + canvas.channels - 1]!;
        return Math.max(most, Math.abs((value + zero) / top - drawn));
      }, 0);
      expect(worst).toBeLessThan(bitpix < 0 ? 1e-9 : 0.6 / top);
    }
  });
});
