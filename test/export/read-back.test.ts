import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pythonWith } from '../../scripts/setup/needs.mjs';
import { exportFile } from '../../src/export/export.js';
import { bytesOf } from '../../src/export/exported-file.js';
import type { ExportKind } from '../../src/export/formats.js';
import { localSource } from '../../src/export/local-source.js';
import { encodeWcs } from '../../src/wcs/encode.js';
import { withInverse } from '../../src/wcs/sip-inverse.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import type { Wcs } from '../../src/wcs/wcs.js';
import { resultOf } from '../annotate/support.js';
import { describeWith } from '../needs.js';
import { framedWcs } from '../sky/projection.js';
import { storedFile } from './support.js';

const [WIDTH, HEIGHT] = [300, 200];
/** A spot of a few pixels, by which a picture tells how it was turned. */
const SPOT = { x: 250, y: 40 };

interface Case {
  wcs: Wcs;
  format: 'jpeg' | 'png';
  orientation: number;
}

const andromeda = (parity: 1 | -1) =>
  framedWcs({
    ra_deg: 10.68,
    dec_deg: 41.27,
    width: WIDTH,
    height: HEIGHT,
    pixscale_arcsec: 40,
    orientation_deg: 37,
    parity,
  });

const CASES: Readonly<Record<string, Case>> = {
  plain: { wcs: andromeda(1), format: 'jpeg', orientation: 1 },
  mirrored: { wcs: andromeda(-1), format: 'png', orientation: 1 },
  'turned by EXIF': { wcs: andromeda(1), format: 'jpeg', orientation: 6 },
  'mirrored by EXIF': { wcs: { ...andromeda(1), crval: [359.9, -30] }, format: 'jpeg', orientation: 5 },
  distorted: {
    wcs: withInverse({
      ...andromeda(-1),
      sip: { a: [[0, 0, 3e-5], [0, 2e-5], [5e-5]], b: [[0, 0, -4e-5], [0, 6e-5], [1e-5]] },
    }),
    format: 'jpeg',
    orientation: 8,
  },
};
const FISHEYE: Wcs = {
  crval: [200, 48],
  crpix: [151, 99],
  cd: [
    [-0.5, 0.1],
    [0.1, 0.5],
  ],
  width: WIDTH,
  height: HEIGHT,
  projection: 'ZEA',
  circle: { x: 151, y: 99, radius: 95 },
};
const POINTS = [
  [1, 1],
  [300, 1],
  [300, 200],
  [1, 200],
  [150.5, 100.5],
  [220.25, 40],
] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-back-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a case's exports say of themselves; each is written where other programs can read it. */
async function jobOf({ wcs, format, orientation }: Case) {
  const spot = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const picture = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#000' } })
    .composite([{ input: spot, left: SPOT.x - 5, top: SPOT.y - 5 }])
    .withMetadata({ orientation });
  const bytes = await (format === 'jpeg' ? picture.jpeg({ quality: 95 }) : picture.png()).toBuffer();
  const { path } = await storedFile(folder, `sky.${format}`, bytes);
  const solution = await storedFile(folder, 'solution.wcs', encodeWcs(wcs));
  const result = resultOf(wcs, { rowOrder: 'top-down', exifOrientation: orientation });
  const source = localSource(
    {
      imagePath: path,
      filename: 'M 31.jpg',
      file: async (name) => (name === 'solution.wcs' ? solution : undefined),
    },
    result,
  );
  return {
    bytes,
    result,
    async written(kind: ExportKind) {
      const file = await exportFile(kind, source);
      const made = await bytesOf(file);
      const at = join(folder, `${Math.random().toString(36).slice(2)}-${file.name}`);
      await writeFile(at, made);
      return { at, bytes: made, name: file.name };
    },
  };
}

type Place = [number, number];
interface Told {
  sky: Place[];
  turned: Place[];
  whole: Place[] | null;
  size: number[];
  subject: string[];
  shape: number[] | null;
  warning: string | null;
  shapes: {
    type: string;
    text: string;
    vertices?: Place[];
    center?: Place;
    radius?: number;
    axes?: [number, number];
    position_angle?: number;
  }[];
  features: { name: string; type: string; places: Place[] }[];
  names: string[];
  picture: string;
  quad: Place[];
}

function told(
  questions: readonly { kind: string; file: string; points?: readonly (readonly number[])[] }[],
): Told[] {
  const script = fileURLToPath(new URL('read-back.py', import.meta.url));
  return JSON.parse(
    execFileSync(pythonWith('astropy')!, [script], { input: JSON.stringify(questions), encoding: 'utf8' }),
  );
}

/** How far places are from where the solution puts pixels of the file, pixels at most. */
function worst(wcs: Wcs, told: readonly Place[], pixels: readonly (readonly [number, number])[]): number {
  const scale = separation(...pixelToSky(wcs, 150, 100), ...pixelToSky(wcs, 151, 100));
  expect(told).toHaveLength(pixels.length);
  return Math.max(...told.map((place, i) => separation(...place, ...pixelToSky(wcs, ...pixels[i]!)) / scale));
}

describeWith(
  ['astropy', 'regions', 'pyavm', 'fastkml', 'exiftool'],
  'exports, read by other programs,',
  () => {
    it('say as FITS where each pixel of the file looks', async () => {
      const kinds = { wcs: null, 'new-fits': [3, HEIGHT, WIDTH] };
      const asked = await Promise.all(
        Object.entries({ ...CASES, fisheye: { ...CASES.plain!, wcs: FISHEYE } }).flatMap(([name, one]) => {
          const points = one.wcs.projection ? POINTS.slice(4) : POINTS;
          return Object.entries(kinds).map(async ([kind, shape]) => ({
            name: `${kind} of ${name}`,
            wcs: one.wcs,
            points,
            shape,
            file: (await (await jobOf(one)).written(kind as keyof typeof kinds)).at,
          }));
        }),
      );
      told(asked.map(({ file, points }) => ({ kind: 'fits', file, points }))).forEach((answer, i) => {
        const { name, wcs, points, shape } = asked[i]!;
        expect(answer.shape, name).toEqual(shape);
        expect(worst(wcs, answer.sky, points), name).toBeLessThan(0.01);
      });
    });

    it('say as ASTAP does where the picture looks, rows counted from below', async () => {
      const below = POINTS.map(([x, y]) => [x, HEIGHT + 1 - y]);
      const cases = Object.entries(CASES);
      const files = await Promise.all(cases.map(async ([, one]) => (await jobOf(one)).written('ini')));
      told(files.map(({ at }) => ({ kind: 'ini', file: at, points: below }))).forEach((answer, i) => {
        const [name, { wcs }] = cases[i]!;
        expect(answer.warning !== null, name).toBe(wcs.sip !== undefined);
        // At the centre it is true with distortion too.
        expect(worst(wcs, answer.sky.slice(4, 5), POINTS.slice(4, 5)), name).toBeLessThan(0.01);
        if (wcs.sip) return;
        expect(worst(wcs, answer.sky, POINTS), name).toBeLessThan(0.01);
        expect(worst(wcs, answer.turned, POINTS), `${name}, as scale and rotation`).toBeLessThan(0.01);
      });
    });

    it('say as AVM where a spot of the picture is, which is the same in the copy and alone', async () => {
      for (const [name, one] of Object.entries(CASES)) {
        const job = await jobOf(one);
        const copy = await job.written('avm');
        const { data, info } = await sharp(copy.bytes)
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        // Nothing but the tags may turn the copy.
        expect((await sharp(copy.bytes).metadata()).orientation ?? 1).toBe(1);
        const bright = [...data.keys()].filter((i) => data[i]! > 128);
        const middle = (of: (i: number) => number) =>
          bright.reduce((sum, i) => sum + of(i), 0) / bright.length;
        const spot = [
          middle((i) => i % info.width) + 1,
          info.height - middle((i) => Math.floor(i / info.width)),
        ];
        const [inside, alone] = told(
          [copy, await job.written('xmp')].map(({ at }) => ({ kind: 'avm', file: at, points: [spot] })),
        );
        expect(alone).toEqual(inside);
        expect(inside!.size).toEqual([info.width, info.height]);
        expect(inside!.subject).toContain(job.result.astrometry.subject!.name);
        const sky = one.wcs.sip ? inside!.whole! : inside!.sky;
        expect(worst(one.wcs, sky, [[SPOT.x, SPOT.y]]), name).toBeLessThan(1);
        // What is upright already is not compressed again.
        const same = await Promise.all(
          [copy.bytes, job.bytes].map((picture) => sharp(picture).raw().toBuffer()),
        );
        if (one.orientation === 1) expect(same[0]!.equals(same[1]!)).toBe(true);
      }
    });

    it('keep what a picture said of itself, and are well-formed', async () => {
      for (const name of ['plain', 'mirrored']) {
        const one = CASES[name]!;
        const { bytes } = await jobOf(one);
        const { path } = await storedFile(folder, `author.${one.format}`, bytes);
        execFileSync('exiftool', [
          '-q',
          '-XMP-dc:Creator=Ada',
          '-XMP-dc:Rights=Hers',
          '-overwrite_original',
          path,
        ]);
        const solution = await storedFile(folder, 'solution.wcs', encodeWcs(one.wcs));
        const source = (imagePath: string) =>
          localSource(
            { imagePath, filename: 'x', file: async () => solution },
            resultOf(one.wcs, { rowOrder: 'top-down' }),
          );
        // Twice, as when the copy is solved again.
        const first = await storedFile(folder, 'copy', await bytesOf(await exportFile('avm', source(path))));
        const { path: again } = await storedFile(
          folder,
          'copy',
          await bytesOf(await exportFile('avm', source(first.path))),
        );
        const said = execFileSync('exiftool', ['-validate', '-warning', '-a', '-j', '-G1', again], {
          encoding: 'utf8',
        });
        expect(JSON.parse(said)[0]['ExifTool:Validate'], said).toBe('OK');
        const [tags] = JSON.parse(execFileSync('exiftool', ['-a', '-j', again], { encoding: 'utf8' }));
        expect(tags).toMatchObject({ Creator: 'Ada', Rights: 'Hers', SpatialCoordinateFrame: 'ICRS' });
        expect(tags.SpatialReferenceValue).toHaveLength(2);
      }
    });

    it('show in DS9 the frame and every object in its shape', async () => {
      const job = await jobOf(CASES.mirrored!);
      const [answer] = told([{ kind: 'ds9', file: (await job.written('ds9')).at }]);
      const [frame, ...shapes] = answer!.shapes;
      expect(frame!.type).toBe('PolygonSkyRegion');
      const corner = frame!.vertices!.filter((_, i) => i % 8 === 0);
      const edges = [
        [0.5, 0.5],
        [300.5, 0.5],
        [300.5, 200.5],
        [0.5, 200.5],
      ] as const;
      expect(worst(CASES.mirrored!.wcs, corner, edges)).toBeLessThan(0.01);
      const { objects } = job.result.astrometry;
      expect(shapes).toHaveLength(objects.length);
      shapes.forEach(({ center }, i) => {
        const { ra_deg, dec_deg } = objects[i]!;
        expect(separation(...center!, ra_deg!, dec_deg!) * 3600).toBeLessThan(0.01);
      });
      const m31 = objects.find(({ name, names = [] }) => [name, ...names].includes('M 31'))!;
      const shape = shapes[objects.indexOf(m31)]!;
      expect(shape).toMatchObject({ type: 'EllipseSkyRegion', text: expect.stringContaining('M 31') });
      expect(shape.axes![0]).toBeCloseTo(m31.axes_arcmin![0], 2);
      expect(shape.axes![1]).toBeCloseTo(m31.axes_arcmin![1], 2);
      expect(shape.position_angle).toBeCloseTo(m31.axis_pa_deg!, 2);
    });

    it('show in Google Earth the outline and the objects', async () => {
      const one = CASES['mirrored by EXIF']!;
      const job = await jobOf(one);
      const [answer] = told([{ kind: 'kml', file: (await job.written('kml')).at }]);
      const [outline] = answer!.features.filter(({ type }) => type === 'LineString');
      const objects = answer!.features.filter((feature) => feature !== outline);
      const right = (places: Place[]) => places.map(([lon, lat]): Place => [lon + 180, lat]);
      const edges = [
        [0.5, 0.5],
        [300.5, 0.5],
        [300.5, 200.5],
        [0.5, 200.5],
        [0.5, 0.5],
      ] as const;
      const corners = right(outline!.places).filter((_, i) => i % 8 === 0);
      expect(worst(one.wcs, corners, edges)).toBeLessThan(0.01);
      // It goes on across the seam.
      const longitudes = outline!.places.map(([lon]) => lon);
      expect(Math.max(...longitudes) - Math.min(...longitudes)).toBeLessThan(10);
      const { objects: listed } = job.result.astrometry;
      expect(objects.length).toBeGreaterThan(0);
      expect(objects).toHaveLength(listed.length);
      objects.forEach(({ type, places }, i) => {
        const { ra_deg, dec_deg } = listed[i]!;
        expect(type).toBe('Point');
        expect(separation(...right(places)[0]!, ra_deg!, dec_deg!) * 3600).toBeLessThan(0.01);
      });
    });

    it('lay the picture on the sky of Google Earth, upright, by its corners', async () => {
      for (const [name, one] of Object.entries(CASES)) {
        if (one.wcs.sip) continue;
        const job = await jobOf(one);
        const [answer] = told([{ kind: 'kmz', file: (await job.written('kmz')).at }]);
        expect(answer!.names[0], name).toMatch(/\.kml$/);
        expect(answer!.features.filter(({ type }) => type === 'Point').length).toBeGreaterThan(0);
        const { data, info } = await sharp(Buffer.from(answer!.picture, 'base64'))
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        let [weight, sumX, sumY] = [0, 0, 0];
        data.forEach((value, i) => {
          if (value < 128) return;
          weight += value;
          sumX += value * ((i % info.width) + 0.5);
          sumY += value * (Math.floor(i / info.width) + 0.5);
        });
        const [u, v] = [sumX / weight / info.width, 1 - sumY / weight / info.height];
        // The four corners from the lower left counter-clockwise, and between them bilinear, as KML has it.
        const [a, b, c, d] = answer!.quad as [Place, Place, Place, Place];
        const at = [0, 1].map(
          (i) => (1 - v) * ((1 - u) * a[i]! + u * b[i]!) + v * ((1 - u) * d[i]! + u * c[i]!),
        ) as Place;
        // A quadrangle of longitudes and latitudes is not quite the plane of a picture.
        expect(worst(one.wcs, [[at[0] + 180, at[1]]], [[SPOT.x, SPOT.y]]), name).toBeLessThan(4);
      }
    });

    it('are refused where the format cannot say it', async () => {
      const fisheye = await jobOf({ ...CASES.plain!, wcs: FISHEYE });
      const pole = await jobOf({ ...CASES.plain!, wcs: { ...CASES.plain!.wcs, crval: [30, 89.5] } });
      const code = 'unsupported_export';
      for (const kind of ['kml', 'kmz', 'avm', 'xmp', 'ini'] as const)
        await expect(fisheye.written(kind), kind).rejects.toMatchObject({ code });
      for (const kind of ['kml', 'kmz'] as const)
        await expect(pole.written(kind)).rejects.toMatchObject({ code });
      for (const kind of ['avm', 'ini', 'ds9'] as const)
        expect((await pole.written(kind)).bytes.length).toBeGreaterThan(99);
    });
  },
);
