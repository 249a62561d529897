import type { FitsHeader } from '../fits/header.js';
import { looseNumber } from './fits-values.js';
import type { CaptureRecord } from './record.js';
import { parseAngle } from './sexagesimal.js';

const SITES: readonly { lat: string; lon: string }[] = [
  { lat: 'SITELAT', lon: 'SITELONG' },
  { lat: 'SITELAT', lon: 'SITELON' },
  { lat: 'SITE-LAT', lon: 'SITE-LON' },
  { lat: 'OBSLAT', lon: 'OBSLONG' },
  { lat: 'OBSLAT', lon: 'OBSLON' },
  { lat: 'OBS-LAT', lon: 'OBS-LONG' },
  { lat: 'LAT-OBS', lon: 'LONG-OBS' },
  { lat: 'OBSGEO-B', lon: 'OBSGEO-L' },
  { lat: 'GEOLAT', lon: 'GEOLON' },
  { lat: 'GPS_LAT', lon: 'GPS_LON' },
  { lat: 'LATITUDE', lon: 'LONGITUD' },
];
const ALTITUDES = [
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
  'ALTITUDE',
];

function angle(header: FitsHeader, keyword: string): number | undefined {
  return header.number(keyword) ?? parseAngle(header.string(keyword) ?? '')?.value;
}

/** Degrees, north and east positive, as the keywords are defined; 0, 0 (in the sea off Ghana) means unset. */
export function recordSite(header: FitsHeader, record: CaptureRecord): void {
  for (const { lat: latKeyword, lon: lonKeyword } of SITES) {
    const lat = angle(header, latKeyword);
    const written = angle(header, lonKeyword);
    if (lat === undefined || written === undefined || (lat === 0 && written === 0)) continue;
    if (Math.abs(lat) > 90 || Math.abs(written) > 360) {
      record.note(`FITS ${latKeyword} ${lat}, ${lonKeyword} ${written} is no place on Earth; it is left out`);
      continue;
    }
    const lon = written > 180 ? written - 360 : written < -180 ? written + 360 : written;
    const altitude = ALTITUDES.map((keyword) => ({ keyword, value: looseNumber(header, keyword) })).find(
      ({ value }) => value !== undefined && value >= -500 && value <= 9000,
    );
    const gps = altitude?.value === undefined ? { lat, lon } : { lat, lon, alt: altitude.value };
    record.set('gps', gps, `FITS ${latKeyword}, ${lonKeyword}${altitude ? `, ${altitude.keyword}` : ''}`);
    return;
  }
}
