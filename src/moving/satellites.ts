import { Rotation_EQD_EQJ } from 'astronomy-engine';
import type { SatRec } from 'satellite.js';
import type { MovingRow } from '../catalog/moving-row.js';
import { later, type Moment } from '../ephemeris/moment.js';
import { engineTime, KM_PER_AU, type Site, siderealTime, siteVector } from '../ephemeris/observer.js';
import { planetAt } from '../ephemeris/series.js';
import { positionAngle, RAD, separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import {
  cross,
  directionOf,
  dot,
  minus,
  norm,
  plus,
  scaled,
  unitVector,
  type Vector,
} from '../wcs/vector.js';
import type { TwoLines } from './tle.js';
import type { View } from './view.js';

type Sgp4 = typeof import('satellite.js');

const EARTH_KM = 6378.137;
const LIGHT_KM_S = 299_792.458;
const DAY_S = 86_400;
const J2 = 1.082_63e-3;
const GM = 398_600.8;
/** Of the Earth's rotation, radians a second. */
const EARTH_RATE = 7.292_115e-5;
/** No satellite moves faster against its observer, km a second. */
const FASTEST = 11;
/** Older elements than this, days, tell no more where a satellite is. */
export const OLDEST_DAYS = 14;
/** km by which SGP4 is off at the epoch of the elements, and more a day (Vallado and others 2006, AIAA 2006-6753). */
const [ERROR_KM, ERROR_KM_A_DAY] = [1, 2];
/** Points of a trail within the picture, at least. */
const PIECES = 16;
/** More steps than a pass through any field takes. */
const STEPS = 4000;

/** A satellite at a moment, as the observer sees it. */
export interface SatelliteSight {
  ra_deg: number;
  dec_deg: number;
  distance_km: number;
  /** Whether the Sun shines on it. */
  lit: boolean;
  moment: Moment;
}

/** Vectors of the true equator and mean equinox of date, in which SGP4 gives its places, to those of J2000. */
function fromTeme(sgp4: Sgp4, moment: Moment): (place: Vector) => Vector {
  const mean = sgp4.gstime(moment.ms / 86_400_000 + 2_440_587.5);
  const equinoxes = siderealTime(moment) * RAD - mean;
  const [sin, cos] = [Math.sin(equinoxes), Math.cos(equinoxes)];
  const { rot } = Rotation_EQD_EQJ(engineTime(moment));
  const row = (k: 0 | 1 | 2, [x, y, z]: Vector) =>
    (rot[0]?.[k] ?? 0) * x + (rot[1]?.[k] ?? 0) * y + (rot[2]?.[k] ?? 0) * z;
  return ([x, y, z]) => {
    const ofDate: Vector = [x * cos - y * sin, x * sin + y * cos, z];
    return [row(0, ofDate), row(1, ofDate), row(2, ofDate)];
  };
}

/** What is the same for every satellite of one exposure. */
export class SatelliteSky {
  readonly #sgp4: Sgp4;
  readonly #middle: Moment;
  readonly #site: Vector;
  readonly #pole: Vector;
  readonly #turn: (place: Vector) => Vector;
  readonly #sun: Vector;
  /** Of the Earth about the Sun, km a second. */
  readonly #velocity: Vector;

  constructor(sgp4: Sgp4, site: Site, moment: Moment) {
    this.#sgp4 = sgp4;
    this.#middle = moment;
    this.#site = scaled(siteVector(site, moment), KM_PER_AU);
    this.#turn = fromTeme(sgp4, moment);
    this.#pole = this.#turn([0, 0, 1]);
    const [before, after] = [planetAt('earth', moment.tt - 0.01), planetAt('earth', moment.tt + 0.01)];
    this.#velocity = scaled(minus(after, before), KM_PER_AU / (0.02 * DAY_S));
    this.#sun = scaled(planetAt('earth', moment.tt), -KM_PER_AU);
  }

  record(lines: TwoLines): SatRec {
    return this.#sgp4.twoline2satrec(lines.line1, lines.line2);
  }

  /** From the centre of the Earth, km: turned about its pole from where the site was at the middle of the exposure. */
  observer({ ms }: Moment): Vector {
    const angle = (EARTH_RATE * (ms - this.#middle.ms)) / 1000;
    const [pole, site] = [this.#pole, this.#site];
    const level = scaled(pole, dot(pole, site) * (1 - Math.cos(angle)));
    return plus(plus(scaled(site, Math.cos(angle)), scaled(cross(pole, site), Math.sin(angle))), level);
  }

  /** Normal of a satellite's orbit at a moment, by the secular motion of its node. */
  pole({ inclo, nodeo, ecco, no, jdsatepoch }: SatRec, moment: Moment): Vector {
    const perSecond = no / 60;
    const axis = (GM / perSecond ** 2) ** (1 / 3);
    const rate = (-1.5 * J2 * (EARTH_KM / axis) ** 2 * perSecond * Math.cos(inclo)) / (1 - ecco ** 2) ** 2;
    const node = nodeo + rate * ageDays(jdsatepoch, moment) * DAY_S;
    return this.#turn([Math.sin(node) * Math.sin(inclo), -Math.cos(node) * Math.sin(inclo), Math.cos(inclo)]);
  }

  #place(record: SatRec, moment: Moment, earlier_s: number): Vector | undefined {
    const minutes = ageDays(record.jdsatepoch, moment) * 1440 - earlier_s / 60;
    const state = this.#sgp4.sgp4(record, minutes);
    return state ? this.#turn([state.position.x, state.position.y, state.position.z]) : undefined;
  }

  /** The astrometric place; nothing where the elements do not reach. */
  sight(record: SatRec, moment: Moment): SatelliteSight | undefined {
    const observer = this.observer(moment);
    const now = this.#place(record, moment, 0);
    const travel = now && norm(minus(now, observer)) / LIGHT_KM_S;
    const then = travel === undefined ? undefined : this.#place(record, moment, travel);
    if (travel === undefined || !then) return undefined;
    // While the light travelled the Earth went on, as for any body that is seen from it.
    const [ra_deg, dec_deg] = directionOf(minus(minus(then, scaled(this.#velocity, travel)), observer));
    return { ra_deg, dec_deg, distance_km: norm(minus(then, observer)), lit: isLit(then, this.#sun), moment };
  }
}

export const ageDays = (jd: number, { ms }: Moment) => ms / 86_400_000 - (jd - 2_440_587.5);

/** Whether the Sun shines on a place; the shadow of the Earth taken for a cylinder. */
function isLit(place: Vector, sun: Vector): boolean {
  const along = dot(place, scaled(sun, 1 / norm(sun)));
  return along > 0 || norm(place) ** 2 - along ** 2 > EARTH_KM ** 2;
}

/**
 * Whether the line of sight may meet the orbit at all: most satellites are told from their plane alone.
 * @param radius_deg of the field
 */
function mayPass(sky: SatelliteSky, record: SatRec, view: View, center: Vector, observer: Vector): boolean {
  const { exposure, frame } = view;
  if (frame.radius_deg > 60) return true;
  const axis = (GM / (record.no / 60) ** 2) ** (1 / 3);
  const pole = sky.pole(record, exposure.middle);
  const below = -dot(observer, center);
  const reach = (radius: number) => {
    const inside = below ** 2 - (dot(observer, observer) - radius ** 2);
    return inside < 0 ? 0 : below + Math.sqrt(inside);
  };
  const slack = 60;
  const [near, far] = [reach(axis * (1 - record.ecco) - slack), reach(axis * (1 + record.ecco) + slack)];
  const height = (distance: number) => dot(observer, pole) + distance * dot(center, pole);
  const [a, b] = [height(near), height(far)];
  // The field, the turning of the Earth meanwhile, and what the plane is off.
  const margin = far * Math.sin(frame.radius_deg * RAD) + 0.3 * (exposure.seconds ?? 0) + slack + 0.01 * far;
  return Math.min(a, b) <= margin && Math.max(a, b) >= -margin;
}

/** The part of a satellite's way that lies in the field, in steps that are as long as it cannot have come there meanwhile. */
function passOf(sky: SatelliteSky, record: SatRec, { exposure, frame }: View): SatelliteSight[][] {
  const seconds = exposure.seconds ?? 0;
  const pieces: SatelliteSight[][] = [];
  let inside: SatelliteSight[] = [];
  let since = 0;
  for (let step = 0; step < STEPS && since <= seconds; step++) {
    const sight = sky.sight(record, later(exposure.start, since / DAY_S));
    if (!sight) break;
    const away = separation(...frame.center, sight.ra_deg, sight.dec_deg) - frame.radius_deg;
    if (away <= 0 && sight.lit) inside.push(sight);
    else if (inside.length > 0) {
      pieces.push(inside);
      inside = [];
    }
    const angle = Math.max(away, (2 * frame.radius_deg) / PIECES / 2) * RAD;
    const next = since + (angle * sight.distance_km) / (FASTEST * (1 + angle));
    // The end of the exposure is a point of the trail.
    since = since < seconds && next > seconds ? seconds : next;
  }
  if (inside.length > 0) pieces.push(inside);
  return pieces;
}

/** The satellite of two lines where it went through the picture in sunlight; `outdated` where its elements are too old to tell. */
export function satelliteIn(
  sky: SatelliteSky,
  lines: TwoLines,
  view: View,
): MovingRow | 'outdated' | undefined {
  const { exposure, frame } = view;
  const record = sky.record(lines);
  if (Math.abs(ageDays(record.jdsatepoch, exposure.middle)) > OLDEST_DAYS) return 'outdated';
  const center = unitVector(...frame.center);
  if (!mayPass(sky, record, view, center, sky.observer(exposure.middle))) return undefined;
  const passes = passOf(sky, record, view);
  const longest = passes.toSorted((a, b) => b.length - a.length)[0];
  return longest && rowOf(sky, record, lines, view, longest);
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** Seconds over which the motion is measured. */
const MOTION_S = 0.1;

function rowOf(
  sky: SatelliteSky,
  record: SatRec,
  { name, id }: TwoLines,
  { exposure, frame, wcs }: View,
  trail: readonly SatelliteSight[],
): MovingRow | undefined {
  const shown = trail.filter(({ ra_deg, dec_deg }) => {
    const pixel = skyToPixel(wcs, ra_deg, dec_deg);
    return pixel !== undefined && frame.contains(...pixel);
  });
  const offCenter = ({ ra_deg, dec_deg }: SatelliteSight) => separation(...frame.center, ra_deg, dec_deg);
  const [middle] = shown.toSorted((a, b) => offCenter(a) - offCenter(b));
  const next = middle && sky.sight(record, later(middle.moment, MOTION_S / DAY_S));
  if (!middle || !next) return undefined;
  const moved = separation(middle.ra_deg, middle.dec_deg, next.ra_deg, next.dec_deg);
  const age = Math.abs(ageDays(record.jdsatepoch, exposure.middle));
  const called = name || `NORAD ${id}`;
  return {
    name: called,
    catalog: 'satellite',
    id,
    names: [...new Set([called, `NORAD ${id}`])],
    type: 'satellite',
    ra_deg: middle.ra_deg,
    dec_deg: middle.dec_deg,
    motion: {
      arcsec_per_hour: Math.round((moved * 3600 * 3600) / MOTION_S),
      pa_deg: round(positionAngle(middle.ra_deg, middle.dec_deg, next.ra_deg, next.dec_deg), 1),
    },
    ...(trail.length > 1 && {
      trail: trail.map(({ ra_deg, dec_deg }) => [round(ra_deg, 5), round(dec_deg, 5)] as const),
    }),
    distance_au: Number((middle.distance_km / KM_PER_AU).toPrecision(6)),
    elements_age_days: round(age, 2),
    uncertainty_arcmin: round(
      (Math.atan((ERROR_KM + ERROR_KM_A_DAY * age) / middle.distance_km) / RAD) * 60,
      1,
    ),
  };
}
