import {
  Body,
  Equator,
  EquatorFromVector,
  GeoVector,
  Illumination,
  KM_PER_AU,
  Observer,
} from 'astronomy-engine';
import type { Capture } from '../job/result.js';
import type { CatalogRow } from './table.js';

/** Equatorial radii, km (IAU Working Group on Cartographic Coordinates and Rotational Elements, 2015). */
const BODIES: readonly { body: Body; type: string; radius_km: number }[] = [
  { body: Body.Sun, type: 'sun', radius_km: 695_700 },
  { body: Body.Moon, type: 'moon', radius_km: 1737.4 },
  { body: Body.Mercury, type: 'planet', radius_km: 2440.5 },
  { body: Body.Venus, type: 'planet', radius_km: 6051.8 },
  { body: Body.Mars, type: 'planet', radius_km: 3396.2 },
  { body: Body.Jupiter, type: 'planet', radius_km: 71_492 },
  { body: Body.Saturn, type: 'planet', radius_km: 60_268 },
  { body: Body.Uranus, type: 'planet', radius_km: 25_559 },
  { body: Body.Neptune, type: 'planet', radius_km: 24_764 },
  { body: Body.Pluto, type: 'dwarf planet', radius_km: 1188.3 },
];
const EARTH_RADIUS_KM = 6378.14;

/**
 * Sun, Moon and planets at a moment, where they stand among the stars of a J2000 catalogue: corrected for the light's travel
 * time but not for aberration, which moves the stars beside them just as much. Seen from `gps` when it is known; otherwise
 * from the centre of the Earth, and then `uncertainty_arcmin` says how far off that may be, where it matters.
 * An unreadable moment gives nothing. Places are good to about a quarter of an arcminute (astronomy-engine).
 *
 * @param datetimeUtc ISO 8601 with `Z`.
 */
export function solarSystemBodies(
  datetimeUtc: string,
  gps?: Capture['gps'],
): (CatalogRow & { uncertainty_arcmin?: number })[] {
  const date = new Date(datetimeUtc);
  if (Number.isNaN(date.getTime())) return [];
  const observer = gps && new Observer(gps.lat, gps.lon, gps.alt ?? 0);
  return BODIES.map(({ body, type, radius_km }) => {
    const place = observer
      ? Equator(body, date, observer, false, false)
      : EquatorFromVector(GeoVector(body, date, false));
    const arcmin = (km: number) => (Math.asin(km / (place.dist * KM_PER_AU)) * 180 * 60) / Math.PI;
    const parallax = arcmin(EARTH_RADIUS_KM);
    return {
      name: body,
      catalog: 'solar-system',
      names: [body],
      type,
      ra_deg: place.ra * 15,
      dec_deg: place.dec,
      magnitude: Number(Illumination(body, date).mag.toFixed(2)),
      size_arcmin: Number((2 * arcmin(radius_km)).toFixed(3)),
      ...(!observer && parallax > 1 && { uncertainty_arcmin: Number(parallax.toFixed(1)) }),
    };
  });
}
