import { AstroTime, KM_PER_AU, Observer, ObserverVector, SiderealTime } from 'astronomy-engine';
import type { Capture } from '../job/capture.js';
import { minus, norm, plus, type Vector } from '../wcs/vector.js';
import type { Moment } from './moment.js';
import { planetAt } from './series.js';

export { KM_PER_AU };

/** Degrees (+N, +E) and metres. */
export type Site = NonNullable<Capture['gps']>;

/** Speed of light, au a day. */
const LIGHT = 173.144_632_674_24;

/** Time for astronomy-engine, whose UT is taken for the UTC of the clock: they differ by less than 0.9 s. */
export const engineTime = ({ ms }: Moment) => new AstroTime(new Date(ms));

/** Degrees of the true sidereal time of Greenwich. */
export const siderealTime = (moment: Moment) => 15 * SiderealTime(engineTime(moment));

/** From the centre of the Earth to a site on its surface, au, equatorial J2000. */
export function siteVector(site: Site, moment: Moment): Vector {
  const { x, y, z } = ObserverVector(
    engineTime(moment),
    new Observer(site.lat, site.lon, site.alt ?? 0),
    false,
  );
  return [x, y, z];
}

/** Where the picture was taken, from the Sun: au, equatorial J2000; from the centre of the Earth without a site. */
export function observerAt(moment: Moment, site: Site | undefined): Vector {
  const earth = planetAt('earth', moment.tt);
  return site ? plus(earth, siteVector(site, moment)) : earth;
}

/** A body as it is seen. */
export interface Sight {
  /** From the observer to where the body was when its light left it, au, equatorial J2000. */
  seen: Vector;
  /** From the Sun, likewise. */
  fromSun: Vector;
}

/**
 * The astrometric place: corrected for the light's travel time, and not for the aberration, which moves the stars beside the body just as
 * much. So it is the place among the stars of a catalogue, of the Moon and of satellites as well.
 * @param place from the Sun at a TT, au, equatorial J2000
 */
export function sightOf(place: (tt: number) => Vector, observer: Vector, { tt }: Moment): Sight {
  let fromSun = place(tt);
  // Each round is ten thousand times as exact as the one before.
  for (let round = 0; round < 3; round++) fromSun = place(tt - norm(minus(fromSun, observer)) / LIGHT);
  return { seen: minus(fromSun, observer), fromSun };
}
