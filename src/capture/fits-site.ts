import type { FitsHeader } from '../fits/header.js';
import { readCoordinate } from './coordinate.js';
import { candidate, cardsOf, keyOf, secondKey } from './fits-card.js';
import { LIMITS } from './limits.js';
import { type Quantity, readQuantity } from './quantity.js';
import type { CaptureRecord } from './record.js';

/** Keywords of latitude and longitude, the best first. */
export const SITES: readonly (readonly [latitude: string, longitude: string])[] = [
  ['SITELAT', 'SITELONG'],
  ['SITELAT', 'SITELON'],
  ['SITE-LAT', 'SITE-LON'],
  ['OBSLAT', 'OBSLONG'],
  ['OBSLAT', 'OBSLON'],
  ['OBS-LAT', 'OBS-LONG'],
  ['LAT-OBS', 'LONG-OBS'],
  ['OBSGEO-B', 'OBSGEO-L'],
  ['GEOLAT', 'GEOLON'],
  ['GPS_LAT', 'GPS_LON'],
  ['LATITUDE', 'LONGITUD'],
];
export const ALTITUDES = [
  'SITEELEV',
  'SITE-ELE',
  'SITEALT',
  'OBSELEV',
  'OBSALT',
  'OBS-ELEV',
  'ALT-OBS',
  'ELEV-OBS',
  'OBSGEO-H',
  'GPS_ALT',
];
/** Also the height of the telescope over the horizon: only a unit of length makes them one over the sea. */
export const ALTITUDES_WITH_UNIT = ['ALTITUDE', 'ELEVATIO'];

const ALTITUDE: Quantity = {
  bounds: LIMITS.altitude_m,
  unknown: [-999, -9999, 9999, 65_535],
  measure: { dimension: 'length', unit: 'm', customary: 'm' },
};
const ALTITUDE_WITH_UNIT: Quantity = { ...ALTITUDE, measure: { dimension: 'length', unit: 'm' } };

function altitude(header: FitsHeader, record: CaptureRecord): { value: number; source: string } | undefined {
  const candidates = [
    ...[...cardsOf(header, ALTITUDES)].map((card) => candidate(card, (it) => readQuantity(it, ALTITUDE))),
    ...[...cardsOf(header, ALTITUDES_WITH_UNIT)].map((card) =>
      candidate(card, (it) => readQuantity(it, ALTITUDE_WITH_UNIT)),
    ),
  ];
  for (const place of candidates) {
    const found = record.read(place);
    if (found) return found;
  }
  return undefined;
}

/** Degrees, north and east positive, and metres; 0, 0 (in the sea off Ghana) is a site that was never set. */
export function recordSite(header: FitsHeader, record: CaptureRecord): void {
  for (const [latitude, longitude] of SITES) {
    const [latCard] = cardsOf(header, [latitude]);
    const [lonCard] = cardsOf(header, [longitude]);
    if (!latCard || !lonCard) continue;
    const lat = record.read(candidate(latCard, (card) => readCoordinate('latitude', card)));
    const lon = record.read(candidate(lonCard, (card) => readCoordinate('longitude', card)));
    if (!lat || !lon) continue;
    const keys = `${keyOf(latCard)}, ${secondKey(lonCard)}`;
    if (lat.value === 0 && lon.value === 0) {
      record.note(keys, '0 0', 'the site was never set');
      continue;
    }
    const alt = altitude(header, record);
    const place = { lat: lat.value, lon: lon.value };
    const source = `${keys}${alt ? `, ${alt.source.replace(/^\w+ /, '')}` : ''}`;
    record.set('gps', alt ? { ...place, alt: alt.value } : place, source);
    return;
  }
}
