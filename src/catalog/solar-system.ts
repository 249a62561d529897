import { AstroTime, Body, HelioVector, Illumination } from 'astronomy-engine';
import { momentOf } from '../ephemeris/moment.js';
import { KM_PER_AU, observerAt, sightOf } from '../ephemeris/observer.js';
import { moonAt, type Planet, planetAt } from '../ephemeris/series.js';
import type { Capture } from '../job/capture.js';
import { directionOf, norm, plus, type Vector } from '../wcs/vector.js';
import type { CatalogRow } from './table.js';

interface SolarBody {
  body: Body;
  type: string;
  /** Equatorial radius, km (IAU Working Group on Cartographic Coordinates and Rotational Elements, 2015). */
  radius_km: number;
  /** From the Sun at a TT, au, equatorial J2000. */
  place(tt: number): Vector;
}

const planet = (name: Planet) => (tt: number) => planetAt(name, tt);

const BODIES: readonly SolarBody[] = [
  { body: Body.Sun, type: 'sun', radius_km: 695_700, place: () => [0, 0, 0] },
  {
    body: Body.Moon,
    type: 'moon',
    radius_km: 1737.4,
    place: (tt) => plus(planetAt('earth', tt), moonAt(tt)),
  },
  { body: Body.Mercury, type: 'planet', radius_km: 2440.5, place: planet('mercury') },
  { body: Body.Venus, type: 'planet', radius_km: 6051.8, place: planet('venus') },
  { body: Body.Mars, type: 'planet', radius_km: 3396.2, place: planet('mars') },
  { body: Body.Jupiter, type: 'planet', radius_km: 71_492, place: planet('jupiter') },
  { body: Body.Saturn, type: 'planet', radius_km: 60_268, place: planet('saturn') },
  { body: Body.Uranus, type: 'planet', radius_km: 25_559, place: planet('uranus') },
  { body: Body.Neptune, type: 'planet', radius_km: 24_764, place: planet('neptune') },
  { body: Body.Pluto, type: 'dwarf planet', radius_km: 1188.3, place: plutoAt },
];

/** Of which there is no series: by astronomy-engine, good to about 10″. */
function plutoAt(tt: number): Vector {
  const { x, y, z } = HelioVector(Body.Pluto, AstroTime.FromTerrestrialTime(tt));
  return [x, y, z];
}

const EARTH_RADIUS_KM = 6378.14;

/**
 * Sun, Moon and planets at a moment, where they stand among the stars of a J2000 catalogue: corrected for the light's travel
 * time but not for aberration, which moves the stars beside them just as much. Seen from `gps` when it is known; otherwise
 * from the centre of the Earth, and then `uncertainty_arcmin` says how far off that may be, where it matters.
 * An unreadable moment gives nothing. Places are good to about an arcsecond (src/ephemeris/series.ts), those of Pluto to ten.
 *
 * @param datetimeUtc ISO 8601 with `Z`.
 */
export function solarSystemBodies(
  datetimeUtc: string,
  gps?: Capture['gps'],
): (CatalogRow & { uncertainty_arcmin?: number })[] {
  const date = new Date(datetimeUtc);
  if (Number.isNaN(date.getTime())) return [];
  const moment = momentOf(date.getTime());
  const observer = observerAt(moment, gps);
  return BODIES.map(({ body, type, radius_km, place }) => {
    const { seen } = sightOf(place, observer, moment);
    const [ra_deg, dec_deg] = directionOf(seen);
    const arcmin = (km: number) => (Math.asin(km / (norm(seen) * KM_PER_AU)) * 180 * 60) / Math.PI;
    const parallax = arcmin(EARTH_RADIUS_KM);
    return {
      name: body,
      catalog: 'solar-system',
      names: [body],
      type,
      ra_deg,
      dec_deg,
      magnitude: Number(Illumination(body, date).mag.toFixed(2)),
      size_arcmin: Number((2 * arcmin(radius_km)).toFixed(3)),
      ...(!gps && parallax > 1 && { uncertainty_arcmin: Number(parallax.toFixed(1)) }),
    };
  });
}
