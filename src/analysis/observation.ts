import {
  Body,
  Vector as EngineVector,
  HorizonFromVector,
  Illumination,
  MoonPhase,
  Observer,
  Refraction,
  RotateVector,
  Rotation_EQJ_HOR,
} from 'astronomy-engine';
import { solarSystemBodies } from '../catalog/solar-system.js';
import { zenithAt } from '../catalog/zenith.js';
import type { Exposure } from '../ephemeris/exposure.js';
import type { Moment } from '../ephemeris/moment.js';
import { engineTime, type Site } from '../ephemeris/observer.js';
import type { Capture } from '../job/capture.js';
import type { NotStated, Observation } from '../job/observation.js';
import type { FieldGeometry } from '../wcs/geometry.js';
import { normalizeRa, normalizeSigned, positionAngle, RAD, separation } from '../wcs/sphere.js';
import { unitVector } from '../wcs/vector.js';

type Center = readonly [ra_deg: number, dec_deg: number];
type Place = Pick<Required<Observation>, 'altitude_deg' | 'azimuth_deg'>;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Where the telescope stood, and what else was in the sky: as much of it as time and site tell. */
export function observationOf(
  geometry: FieldGeometry,
  capture: Capture,
  exposure: Exposure | { why: string },
): Observation {
  const center: Center = [geometry.ra_center, geometry.dec_center];
  const offset = mountOffset(center, capture);
  if ('why' in exposure) {
    const { why } = exposure;
    const not_stated = ['altitude', 'sun', 'moon'].map((what) => ({ what, why }));
    return { ...offset, not_stated };
  }
  const { gps } = capture;
  const not_stated: NotStated[] = gps ? [] : [{ what: 'altitude', why: 'The site is unknown' }];
  const { start, middle, end, seconds } = exposure;
  return {
    ...(seconds !== undefined && { start_utc: iso(start) }),
    middle_utc: iso(middle),
    ...(seconds !== undefined && { end_utc: iso(end) }),
    ...(gps && standing(center, geometry, gps, middle)),
    ...sunAndMoon(center, gps, middle),
    ...offset,
    ...(not_stated.length > 0 && { not_stated }),
  };
}

const iso = ({ ms }: Moment) => new Date(ms).toISOString();

/** Altitude and azimuth of a place among the stars, without refraction, and without the aberration, at most 0.006°. */
function horizontal([ra_deg, dec_deg]: Center, { lat, lon, alt = 0 }: Site, moment: Moment): Place {
  const time = engineTime(moment);
  const turned = RotateVector(
    Rotation_EQJ_HOR(time, new Observer(lat, lon, alt)),
    new EngineVector(...unitVector(ra_deg, dec_deg), time),
  );
  const { lat: altitude, lon: azimuth } = HorizonFromVector(turned, '');
  return { altitude_deg: round(altitude, 3), azimuth_deg: round(normalizeRa(azimuth), 3) };
}

/** Pickering (2002, DIO 12, 1, 20), by the altitude with refraction. */
function airmass(altitude_deg: number): number | undefined {
  if (altitude_deg < 0) return undefined;
  const apparent = altitude_deg + Refraction('normal', altitude_deg);
  return round(1 / Math.sin((apparent + 244 / (165 + 47 * apparent ** 1.1)) * RAD), 3);
}

function standing(center: Center, { display_up_deg }: FieldGeometry, site: Site, middle: Moment) {
  const place = horizontal(center, site, middle);
  const zenith = zenithAt(iso(middle), site);
  const parallactic = zenith && normalizeSigned(positionAngle(...center, ...zenith));
  const mass = airmass(place.altitude_deg);
  return {
    ...place,
    ...(mass !== undefined && { airmass: mass }),
    ...(parallactic !== undefined && {
      parallactic_angle_deg: round(parallactic, 3),
      tilt_deg: round(normalizeSigned(display_up_deg - parallactic), 3),
    }),
  };
}

/** Altitudes of the Sun's centre at which a twilight ends, degrees; the first with refraction and its radius. */
const TWILIGHTS = [
  ['day', -0.833],
  ['civil', -6],
  ['nautical', -12],
  ['astronomical', -18],
] as const;

/** Degrees of the ecliptic about a quarter within which the Moon has the phase of its name: half a day to either side. */
const QUARTER = 6;
const PHASES = ['new', 'first quarter', 'full', 'last quarter'] as const;
const BETWEEN = ['waxing crescent', 'waxing gibbous', 'waning gibbous', 'waning crescent'] as const;

function phaseName(degrees: number): (typeof PHASES)[number] | (typeof BETWEEN)[number] {
  const quarter = Math.round(degrees / 90);
  if (Math.abs(degrees - 90 * quarter) <= QUARTER) return PHASES[quarter % 4] ?? 'new';
  return BETWEEN[Math.floor(degrees / 90) % 4] ?? 'waning crescent';
}

function sunAndMoon(
  center: Center,
  site: Site | undefined,
  middle: Moment,
): Pick<Observation, 'sun' | 'moon'> {
  const bodies = solarSystemBodies(iso(middle), site);
  const stand = (name: string) => {
    const body = bodies.find((one) => one.name === name);
    if (!body) return undefined;
    const place: Center = [body.ra_deg, body.dec_deg];
    return {
      ...(site && horizontal(place, site, middle)),
      separation_deg: round(separation(...center, ...place), 2),
    };
  };
  const [sun, moon] = [stand('Sun'), stand('Moon')];
  const time = engineTime(middle);
  const phase_deg = round(MoonPhase(time), 1);
  const altitude = sun?.altitude_deg;
  const twilight =
    altitude === undefined ? undefined : (TWILIGHTS.find(([, lowest]) => altitude > lowest)?.[0] ?? 'night');
  return {
    ...(sun && { sun: { ...sun, ...(twilight && { twilight }) } }),
    ...(moon && {
      moon: {
        ...moon,
        illuminated: round(Illumination(Body.Moon, time).phase_fraction, 3),
        phase_deg,
        phase: phaseName(phase_deg),
      },
    }),
  };
}

/** From the pointing of the header to the middle of the picture. */
function mountOffset(center: Center, { pointing, sources }: Capture): Pick<Observation, 'mount_offset'> {
  if (!pointing) return {};
  const arcmin = separation(pointing.ra, pointing.dec, ...center) * 60;
  const pa_deg = positionAngle(pointing.ra, pointing.dec, ...center);
  return {
    mount_offset: {
      arcmin: round(arcmin, 3),
      pa_deg: round(pa_deg, 1),
      east_arcmin: round(arcmin * Math.sin(pa_deg * RAD), 3),
      north_arcmin: round(arcmin * Math.cos(pa_deg * RAD), 3),
      ...(sources?.pointing !== undefined && { source: sources.pointing }),
    },
  };
}
