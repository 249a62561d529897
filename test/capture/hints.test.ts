import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import type { ScaleHint } from '../../src/capture/hints.js';
import { openImage } from '../../src/image/open.js';
import type { Capture } from '../../src/job/capture.js';
import { temporaryFolder } from '../image/files.js';
import { exifOf, exifSegment } from './containers.js';
import { openedFits, openedImage, WRITERS } from './headers.js';

const folder = temporaryFolder();

async function fitsHints(cards: string, width = 3000, height = 2000) {
  const image = openedFits(cards, width, height);
  return deriveHints(image, await readCapture(image));
}
const exifHints = (capture: Capture, width = 3000, height = 2000) =>
  deriveHints(openedImage({ width, height }), capture);

const holds = (hint: ScaleHint | undefined, scale: number) =>
  hint !== undefined && hint.low_arcsec_per_pixel < scale && scale < hint.high_arcsec_per_pixel;
const width = (hint: ScaleHint | undefined) =>
  hint ? hint.high_arcsec_per_pixel / hint.low_arcsec_per_pixel : Number.NaN;

/** 206265″ per radian. */
const RADIAN = 206_264.806;

describe('scale from a FITS header', () => {
  it.each([
    ['nina', [(RADIAN * 3.76e-3) / 550]],
    // XPIXSZ holds the binning by custom, and in some programs does not.
    ['sgp', [(RADIAN * 5.4e-3) / 610, (RADIAN * 10.8e-3) / 610]],
    ['maxim', [(RADIAN * 18e-3) / 2000, (RADIAN * 36e-3) / 2000]],
    ['siril', [(RADIAN * 3.76e-3) / 250]],
    ['apt', [(RADIAN * 5.2e-3) / 800]],
    // SCALE and the optics say the same, so that they are one hint; the other custom is another.
    ['indi', [2.3835, 4.767]],
    ['sharpcap', []],
    ['asiair', [(RADIAN * 4.63e-3) / 405]],
    ['seestar', [(RADIAN * 2.9e-3) / 250]],
    ['dwarf', [(RADIAN * 1.45e-3) / 100]],
  ] as const)('%s', async (writer, scales) => {
    const { hints, notes } = await fitsHints(WRITERS[writer]);
    expect(hints.scales).toHaveLength(scales.length);
    scales.forEach((scale, i) => {
      expect(holds(hints.scales[i], scale), `${hints.scales[i]?.reason}: ${scale}`).toBe(true);
      expect(width(hints.scales[i])).toBeLessThan(1.12);
      expect(hints.scales[i]?.source).toBe('fits');
    });
    expect(notes).toEqual([]);
  });

  it.each([
    ['PIXSCALE=                 1.53', 1.53],
    ['SECPIX1 =                -1.53\nSECPIX2 =                 1.53', 1.53],
    ['CDELT1  =    -4.25E-04\nCDELT2  =     4.25E-04', 1.53],
    ['FLENGTH =                 0.53\nXPIXSZ  =                 3.93', 1.53],
  ])('%s', async (cards, scale) => {
    const { hints } = await fitsHints(cards);
    expect(hints.scales).toHaveLength(1);
    expect(holds(hints.scales[0], scale)).toBe(true);
  });

  it('says what it was reckoned from', async () => {
    const { hints } = await fitsHints(WRITERS.nina);
    expect(hints.scales[0]?.reason).toBe('focal length 550 mm, XPIXSZ 3.76 µm');
  });

  it.each([
    'FOCALLEN=                    1\nXPIXSZ  =                 3.76',
    'FOCALLEN=                48768\nXPIXSZ  =                 3.76',
    'CDELT1  =                  1.0\nCDELT2  =                  1.0',
    'SCALE-1 =                 1.53\nSCALE-R =                 1.53',
    'FOCALLEN=                  530',
    'PIXSCALE=                    0',
  ])('%s gives none', async (cards) => {
    expect((await fitsHints(cards)).hints.scales).toEqual([]);
  });

  it('a scale that no picture can have costs a note', async () => {
    const { hints, notes } = await fitsHints('PIXSCALE=              36000.0');
    expect(hints.scales).toEqual([]);
    expect(notes).toEqual([expect.stringMatching(/PIXSCALE 36000.*no sense/)]);
  });
});

describe('place from a FITS header', () => {
  it('the pointing, in a circle that holds a mount that is wrong', async () => {
    const { hints } = await fitsHints(WRITERS.dwarf);
    expect(hints.positions).toEqual([
      {
        ra_deg: expect.closeTo(299.901, 6),
        dec_deg: 22.7212,
        radius_deg: 10,
        source: 'fits',
        reason: 'FITS RA [h], DEC',
      },
    ]);
  });
});

const solution = (crpix: [number, number]) => `CTYPE1  = 'RA---TAN'
CTYPE2  = 'DEC--TAN'
CRVAL1  =              84.0533
CRVAL2  =              -1.2019
CRPIX1  = ${crpix[0]}
CRPIX2  = ${crpix[1]}
CD1_1   =            -0.000425
CD1_2   =                  0.0
CD2_1   =                  0.0
CD2_2   =             0.000425
NAXIS   = 2
NAXIS1  = 3000
NAXIS2  = 2000`;

describe('a WCS in the header', () => {
  it('leads, with scale and place, and is handed on', async () => {
    const { hints, notes } = await fitsHints(`${solution([1500.5, 1000.5])}\n${WRITERS.dwarf}`);
    expect(hints.headerWcs).toMatchObject({ crval: [84.0533, -1.2019], width: 3000, height: 2000 });
    expect(holds(hints.scales[0], 1.53)).toBe(true);
    expect(hints.positions[0]).toMatchObject({
      ra_deg: expect.closeTo(84.0533, 6),
      dec_deg: expect.closeTo(-1.2019, 6),
    });
    expect(hints.positions).toHaveLength(2);
    expect(notes).toEqual([]);
  });

  it('of a larger picture tells the place and no scale', async () => {
    const { hints, notes } = await fitsHints(solution([20_000, 15_000]));
    expect(hints.headerWcs).toBeUndefined();
    expect(hints.scales).toEqual([]);
    expect(hints.positions).toHaveLength(1);
    expect(notes).toEqual([expect.stringContaining('another size')]);
    const resized = await fitsHints(`${solution([1500.5, 1000.5])}\nIMAGEW  = 6000\nIMAGEH  = 4000`);
    expect(resized.hints.headerWcs).toBeUndefined();
  });

  it.each([
    ['another projection', solution([1, 1]).replace('RA---TAN', 'RA---ZEA')],
    ['no inverse', solution([1, 1]).replace('-0.000425', '      0.0')],
    ['not a number', solution([1, 1]).replace('84.0533', "'NaN'")],
  ])('with %s costs a note', async (_, cards) => {
    const { hints, notes } = await fitsHints(cards);
    expect(hints).toEqual({ scales: [], positions: [] });
    expect(notes).toEqual([expect.stringContaining('WCS')]);
  });
});

describe('scale from EXIF', () => {
  it('35 mm equivalent focal length is defined over the diagonal', () => {
    // A full frame of 3:2: 36 mm over 3000 pixels, at 50 mm.
    const full = exifHints({ focal_length_35mm: 50 }).hints.scales;
    expect(full).toHaveLength(1);
    expect(holds(full[0], (RADIAN * 36) / 3000 / 50)).toBe(true);
    // 4:3: the same diagonal, so that the width is 34.6 mm.
    const [four] = exifHints({ focal_length_35mm: 26 }, 4000, 3000).hints.scales;
    const middle = Math.sqrt((four?.low_arcsec_per_pixel ?? 0) * (four?.high_arcsec_per_pixel ?? 0));
    expect(middle / ((RADIAN * 34.613) / 4000 / 26)).toBeCloseTo(1, 2);
    expect(width(four)).toBeGreaterThan(1.5);
    expect(width(four)).toBeLessThan(2);
  });

  it('the same in portrait, and when the picture was shrunk', () => {
    const upright = exifHints({ focal_length_35mm: 50 }, 2000, 3000).hints.scales[0];
    expect(upright).toEqual(exifHints({ focal_length_35mm: 50 }).hints.scales[0]);
    const shrunk = { focal_length_35mm: 50, recorded_width: 6000, recorded_height: 4000 };
    expect(exifHints(shrunk).hints.scales[0]).toEqual(upright);
  });

  it('a picture that was cut may have its pixels as they were, or be enlarged', () => {
    const [cut] = exifHints(
      { focal_length_35mm: 50, recorded_width: 6000, recorded_height: 4000 },
      2000,
      2000,
    ).hints.scales;
    expect(holds(cut, (RADIAN * 36) / 6000 / 50)).toBe(true);
    expect(holds(cut, (RADIAN * 43.27) / 2828 / 50)).toBe(true);
  });

  const optics = { focal_length_mm: 200, pixel_size_um: [6, 6] as [number, number] };

  it('focal plane pixels come first where the two agree, second where they do not', () => {
    const scale = (RADIAN * 6e-3) / 200;
    const [first, second] = exifHints({ ...optics, focal_length_35mm: 200 }, 6000, 4000).hints.scales;
    expect(holds(first, scale)).toBe(true);
    expect(width(first)).toBeLessThan(1.4);
    expect(second?.reason).toContain('equivalent');
    // Shrunk four times by a program that left EXIF as it was.
    const [leading] = exifHints({ ...optics, focal_length_35mm: 200 }, 1500, 1000).hints.scales;
    expect(holds(leading, 4 * scale)).toBe(true);
  });

  it('a recorded size that is larger tells by how much it was shrunk', () => {
    const [hint] = exifHints({ ...optics, recorded_width: 6000, recorded_height: 4000 }, 1500, 1000).hints
      .scales;
    expect(holds(hint, (4 * RADIAN * 6e-3) / 200)).toBe(true);
    expect(hint?.reason).toContain('shrunk 4 times');
  });

  it('a focal length alone tells nothing', () => {
    expect(exifHints({ focal_length_mm: 200 })).toEqual({ hints: { scales: [], positions: [] }, notes: [] });
  });

  it('a source list of unknown size gets none', () => {
    expect(exifHints({ focal_length_35mm: 50 }, 0, 0).hints.scales).toEqual([]);
  });
});

describe('a picture that the camera wrote in half its size', () => {
  // A sensor of 36×24 mm with 6000×4000 pixels of 6 µm; the resolution of the focal plane is the sensor's.
  const optics = { focal_length_mm: 200, pixel_size_um: [6, 6] as [number, number] };
  const half = (2 * RADIAN * 6e-3) / 200;

  it('the equivalent focal length tells the size of the sensor', () => {
    const { scales } = exifHints({ ...optics, focal_length_35mm: 200 }, 3000, 2000).hints;
    expect(holds(scales[0], half)).toBe(true);
    expect(width(scales[0])).toBeLessThan(1.4);
    expect(scales[0]?.reason).toContain('of a sensor that has more of them');
    // The resolution as it was written comes last.
    expect(scales).toHaveLength(3);
    expect(scales[1]?.reason).toContain('equivalent');
  });

  it('in a file: the resolution of the focal plane is that of the sensor', async () => {
    const photo = [
      { tag: 0x920a, type: 5, values: [50, 1] },
      { tag: 0xa002, type: 4, values: [600] },
      { tag: 0xa003, type: 4, values: [400] },
      // 1200 pixels over 36 mm, a third of them in a centimetre.
      { tag: 0xa20e, type: 5, values: [1000, 3] },
      { tag: 0xa210, type: 3, values: [3] },
      { tag: 0xa405, type: 3, values: [50] },
    ];
    const plain = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#203040' } })
      .jpeg()
      .toBuffer();
    const file = Buffer.concat([plain.subarray(0, 2), exifSegment(exifOf({ photo })), plain.subarray(2)]);
    const image = await openImage(folder.put('half.jpg', file));
    const { scales } = deriveHints(image, await readCapture(image)).hints;
    expect(holds(scales[0], (RADIAN * 36) / 600 / 50)).toBe(true);
    expect(width(scales[0])).toBeLessThan(1.4);
  });

  it('of a smaller sensor, and by any factor', () => {
    // APS-C, 23.5×15.6 mm: 6000×4000 of 3.92 µm, written as 4000×2667.
    const capture = {
      focal_length_mm: 100,
      pixel_size_um: [3.92, 3.92] as [number, number],
      focal_length_35mm: 153,
    };
    const [first] = exifHints(capture, 4000, 2667).hints.scales;
    expect(holds(first, (1.5 * RADIAN * 3.92e-3) / 100)).toBe(true);
  });

  it('without it, twice the size is that of a sensor, and the size itself is not', () => {
    const { scales } = exifHints(optics, 3000, 2000).hints;
    expect(holds(scales[0], half)).toBe(true);
    expect(holds(scales[1], half / 2)).toBe(true);
    expect(scales).toHaveLength(2);
  });

  it('in portrait as well', () => {
    expect(holds(exifHints(optics, 2000, 3000).hints.scales[0], half)).toBe(true);
  });

  it('a whole sensor, one of Four Thirds, and pixels of the picture itself are left as they are', () => {
    for (const [pixel, columns, rows] of [
      [6, 6000, 4000],
      [3.76, 4608, 3456],
      [12, 3000, 2000],
      [1.55, 4000, 3000],
    ] as const) {
      const { scales } = exifHints({ ...optics, pixel_size_um: [pixel, pixel] }, columns, rows).hints;
      expect(scales, `${pixel} µm`).toHaveLength(1);
      expect(holds(scales[0], (RADIAN * pixel * 1e-3) / 200)).toBe(true);
    }
  });

  it('a size that EXIF records otherwise counts first', () => {
    const { scales } = exifHints(
      { ...optics, recorded_width: 6000, recorded_height: 4000 },
      3000,
      2000,
    ).hints;
    expect(scales).toHaveLength(1);
    expect(holds(scales[0], half)).toBe(true);
  });
});
