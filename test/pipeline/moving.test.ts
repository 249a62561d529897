import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { observationOf } from '../../src/analysis/observation.js';
import { exposureOf } from '../../src/ephemeris/exposure.js';
import type { Capture } from '../../src/job/capture.js';
import type { SolvedResult } from '../../src/job/result.js';
import { BuiltinSolver } from '../../src/solver/builtin/builtin-solver.js';
import type { FieldGeometry } from '../../src/wcs/geometry.js';
import { separation } from '../../src/wcs/sphere.js';
import { askEphem } from '../ephemeris/ephem.js';
import { asteroidAt, cometAt, type Place, SITE, satelliteAt } from '../moving/scene.js';
import { describeWith } from '../needs.js';
import { projection } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { analyzeFile, fileOf } from './analysis.js';

const elements = mkdtempSync(join(tmpdir(), 'elements-test-'));
afterAll(() => rmSync(elements, { recursive: true, force: true }));

const CENTER: Place = [217.5, 30.4];
const UTC = '2020-05-31T22:00:30Z';
const places = {
  asteroid: [CENTER[0] + 0.45, CENTER[1] + 0.22],
  comet: [CENTER[0] - 0.35, CENTER[1] - 0.35],
  satellite: [CENTER[0] + 0.1, CENTER[1] - 0.1],
} as const;
writeFileSync(join(elements, 'MPCORB.DAT'), `${asteroidAt(places.asteroid, UTC, 'Testa', 10)}\n1234\n`);
writeFileSync(join(elements, 'comets.txt'), cometAt(places.comet, UTC, 'C/2020 A1 (Test)', 7));
writeFileSync(join(elements, 'satellites.tle'), satelliteAt(places.satellite, UTC, 'TESTSAT 7'));

const sky = renderSky({
  ra_deg: CENTER[0],
  dec_deg: CENTER[1],
  width: 1200,
  height: 800,
  pixscale_arcsec: 6,
  orientation_deg: 170,
  limit_mag: 10.5,
});
const HEADER = {
  'DATE-OBS': '2020-05-31T22:00:00',
  EXPTIME: 60,
  SITELAT: SITE.lat,
  SITELONG: SITE.lon,
  SITEELEV: SITE.alt,
  RA: CENTER[0] + 0.1,
  DEC: CENTER[1] - 0.1,
};

async function solved(header: Record<string, string | number>, params = {}): Promise<SolvedResult> {
  const path = await fileOf(sky, { format: 'fits', header });
  const given = { scale_low: 1.5, scale_high: 2.5, ...params };
  const { result, log } = await analyzeFile(path, given, {
    solvers: [new BuiltinSolver()],
    elements: [elements],
  });
  expect(result, log).toMatchObject({ ok: true });
  return result as SolvedResult;
}

describe('a picture with time and site', () => {
  it('lists what moved through it, with magnitude, motion and trail, and says where the telescope stood', async () => {
    const { astrometry, moving_objects, observation } = await solved(HEADER);
    const found = (type: string) => astrometry.objects.find((object) => object.type === type)!;
    const truth = projection(sky.truth);
    for (const type of ['asteroid', 'comet'] as const) {
      const object = found(type);
      expect(separation(object.ra_deg!, object.dec_deg!, ...places[type]) * 3600).toBeLessThan(3);
      const [x, y] = truth.toPixel(...places[type])!;
      expect(Math.hypot(object.x! - x, object.y! - y)).toBeLessThan(1.5);
      expect(object.magnitude).toBeGreaterThan(3);
      expect(object.trail).toHaveLength(3);
      const [[ra1, dec1], , [ra2, dec2]] = object.trail as [
        [number, number],
        [number, number],
        [number, number],
      ];
      const moved = separation(ra1, dec1, ra2, dec2) * 3600;
      expect(moved).toBeCloseTo(object.motion!.arcsec_per_hour / 60, 1);
    }
    const satellite = found('satellite');
    expect(satellite).toMatchObject({ name: 'TESTSAT 7', catalog: 'satellite', id: '99001' });
    expect(satellite.magnitude).toBeUndefined();
    const nearest = Math.min(
      ...satellite.trail!.map(([ra, dec]) => separation(ra, dec, ...places.satellite)),
    );
    expect(nearest).toBeLessThan(0.05);
    expect(moving_objects!.files.map(({ name, objects, damaged }) => [name, objects, damaged])).toEqual([
      ['MPCORB.DAT', 1, 1],
      ['comets.txt', 1, 0],
      ['satellites.tle', 1, 0],
    ]);
    expect(moving_objects!.files[0]!.warnings).toEqual([
      { code: 'damaged_line', line: 2, message: expect.stringContaining('Line 2 of MPCORB.DAT') },
    ]);
    expect(observation!.mount_offset!.arcmin).toBeCloseTo(
      separation(HEADER.RA, HEADER.DEC, ...CENTER) * 60,
      1,
    );
    expect(observation!.mount_offset!.source).toBe('FITS RA, DEC');
    expect(observation!.not_stated).toBeUndefined();
    expect(observation!.start_utc).toBe('2020-05-31T22:00:00.000Z');
    expect(observation!.end_utc).toBe('2020-05-31T22:01:00.000Z');
  });

  it('looks for nothing that moves where the caller does not want it', async () => {
    const result = await solved(HEADER, { moving_objects: false });
    expect(result.moving_objects).toBeUndefined();
    expect(result.astrometry.objects.some(({ type }) => type === 'asteroid')).toBe(false);
    expect(result.observation?.moon).toBeDefined();
  });
});

describe('a clock that does not tell when', () => {
  it.each([
    ['was never set', { 'DATE-OBS': '1970-01-01T00:00:00' }, /before they are set/],
    ['has no zone', { 'DATE-OBS': '2020-05-31T22:00:00', TIMESYS: 'LOCAL' }, /TIMESYS/],
    ['is not there', {}, /does not say when/],
  ])('%s: nothing is stated, and why', async (_, dates, why) => {
    const { 'DATE-OBS': __, ...rest } = HEADER;
    const { astrometry, moving_objects, observation } = await solved({ ...rest, ...dates });
    expect(astrometry.objects.some(({ motion }) => motion)).toBe(false);
    expect(moving_objects).toEqual({
      files: [],
      not_stated: [{ what: 'moving_objects', why: expect.stringMatching(why) }],
    });
    expect(observation!.not_stated!.map(({ what }) => what)).toEqual(['altitude', 'sun', 'moon']);
    expect(observation).not.toHaveProperty('altitude_deg');
    expect(observation).toHaveProperty('mount_offset');
  });
});

const geometryAt = (ra_center: number, dec_center: number, display_up_deg = 0) =>
  ({ ra_center, dec_center, display_up_deg }) as FieldGeometry;

function observed(place: Place, datetime_utc: string, gps: Capture['gps'], up = 0) {
  const capture: Capture = { datetime_utc, exposure: 0.001, ...(gps && { gps }) };
  return observationOf(geometryAt(place[0], place[1], up), capture, exposureOf(capture));
}

describeWith(['ephem'], 'where the telescope stood, beside PyEphem', () => {
  const stars: Place[] = [
    [217.5, 30.4],
    [10, -20],
    [120, 60],
    [300, 5],
  ];
  const dates = ['2020-05-31T22:00:00Z', '2011-12-24T03:30:00Z', '2026-08-12T11:15:00Z'];

  it.each([SITE, { lat: -33.9, lon: 18.4, alt: 0 }])('altitude, azimuth, parallactic angle at %o', (site) => {
    const bodies = stars.map(([ra, dec]) => `x,f,${ra / 15},${dec},1,2000`);
    const answers = askEphem({ dates, bodies: [...bodies, 'Sun', 'Moon'], site });
    for (const [i, date] of dates.entries()) {
      for (const [k, star] of stars.entries()) {
        const here = observed(star, date, site, 50);
        const { horizontal, parallactic } = answers[i]!.bodies[k]!;
        // The aberration is left out here.
        expect(Math.abs(here.altitude_deg! - horizontal![0])).toBeLessThan(0.01);
        const turned = (a: number, b: number) => Math.abs(((a - b + 540) % 360) - 180);
        expect(
          turned(here.azimuth_deg!, horizontal![1]) * Math.cos((horizontal![0] * Math.PI) / 180),
        ).toBeLessThan(0.01);
        // PyEphem's is that of the equator of date, and of the place with aberration, which counts near the zenith.
        expect(turned(here.parallactic_angle_deg!, parallactic!)).toBeLessThan(0.5);
        expect(turned(here.tilt_deg!, 50 - here.parallactic_angle_deg!)).toBeLessThan(1e-3);
        expect(here.airmass === undefined).toBe(here.altitude_deg! < 0);
      }
      const { sun, moon } = observed(stars[0]!, date, site);
      const [theSun, theMoon] = answers[i]!.bodies.slice(-2);
      expect(Math.abs(sun!.altitude_deg! - theSun!.horizontal![0])).toBeLessThan(0.01);
      expect(Math.abs(moon!.altitude_deg! - theMoon!.horizontal![0])).toBeLessThan(0.01);
      expect(Math.abs(moon!.illuminated - theMoon!.lit!)).toBeLessThan(0.01);
    }
  });
});

describe('where the telescope stood', () => {
  it('airmass 1 at the zenith, 2 at 30°, 5.5 at 10°', () => {
    const masses = [90, 60, 40, 30, 10].map((altitude) => {
      // Along the meridian of the pole: a site at the pole sees declination as altitude.
      return observed([0, altitude], '2020-01-01T00:00:00Z', { lat: 90, lon: 0 }).airmass!;
    });
    for (const [i, mass] of [1, 1.155, 1.553, 1.993, 5.54].entries())
      expect(Math.abs(masses[i]! / mass - 1)).toBeLessThan(0.02);
  });

  it.each([
    ['2020-06-21T12:00:00Z', 'day'],
    ['2020-12-21T16:15:00Z', 'civil'],
    ['2020-12-21T16:45:00Z', 'nautical'],
    ['2020-12-21T17:20:00Z', 'astronomical'],
    ['2020-12-21T23:00:00Z', 'night'],
  ])('at %s it is %s on Greenwich’s meridian in 51.5° N', (date, twilight) => {
    expect(observed([0, 0], date, { lat: 51.5, lon: 0 }).sun!.twilight).toBe(twilight);
  });

  it.each([
    ['2024-04-08T18:21:00Z', 'new'],
    ['2024-04-12T00:00:00Z', 'waxing crescent'],
    ['2024-04-15T19:13:00Z', 'first quarter'],
    ['2024-04-20T00:00:00Z', 'waxing gibbous'],
    ['2024-04-23T23:49:00Z', 'full'],
    ['2024-04-28T00:00:00Z', 'waning gibbous'],
    ['2024-05-01T11:27:00Z', 'last quarter'],
    ['2024-05-05T00:00:00Z', 'waning crescent'],
  ])('at %s the Moon is %s', (date, phase) => {
    expect(observed([0, 0], date, undefined).moon!.phase).toBe(phase);
  });

  it('without a site altitudes are left out, and Sun and Moon have their distances all the same', () => {
    const seen = observed([0, 0], '2024-04-08T18:21:00Z', undefined);
    expect(seen.not_stated).toEqual([{ what: 'altitude', why: 'The site is unknown' }]);
    expect(seen.sun).not.toHaveProperty('altitude_deg');
    expect(seen.moon!.separation_deg).toBeCloseTo(seen.sun!.separation_deg, -1);
  });
});
