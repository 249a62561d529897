import type { ExifTags } from './exif-tags.js';
import { LIMITS } from './limits.js';
import { readQuantity } from './quantity.js';
import type { Reading } from './reading.js';
import type { CaptureRecord } from './record.js';
import { parseAngle } from './sexagesimal.js';

interface GpsTag {
  key: string;
  value: unknown;
  /** As text, where it is of a type of text. */
  text: string;
  /** `N`, `S`, `E`, `W`, or whatever stands there. */
  reference: string;
}

/** Degrees, minutes and seconds, the sign of any of them being the sign of all; seconds that are 0/0 stand for none. */
function sumOf(parts: readonly unknown[]): number | undefined {
  const [degrees, minutes = 0, seconds = 0] = parts.map((part) =>
    typeof part === 'number' ? part : Number.NaN,
  );
  if (degrees === undefined || Math.abs(minutes) >= 60 || Math.abs(seconds) >= 60) return undefined;
  const rest = Math.abs(minutes) / 60 + (Number.isNaN(seconds) ? 0 : Math.abs(seconds) / 3600);
  const magnitude = Math.abs(degrees) + rest;
  if (!Number.isFinite(magnitude)) return undefined;
  return degrees < 0 || minutes < 0 || seconds < 0 ? -magnitude : magnitude;
}

/** Degrees, north and east positive. */
function readCoordinate({ value, text, reference }: GpsTag, letters: 'NS' | 'EW'): Reading<number> {
  if (value === undefined || value === null) return undefined;
  const written = text === '' ? undefined : parseAngle(text);
  const number = written?.value ?? (Array.isArray(value) ? sumOf(value) : sumOf([value]));
  if (number === undefined) return { why: 'no angle' };
  const letter = reference.trim()[0]?.toUpperCase() ?? written?.hemisphere ?? '';
  if (letter === '' || !letters.includes(letter)) {
    return { why: `it does not say whether it is ${letters === 'NS' ? 'north or south' : 'east or west'}` };
  }
  const negative = letter === 'S' || letter === 'W';
  if (number < 0 && !negative) return { why: `its sign contradicts its letter, ${letter}` };
  const degrees = negative ? -Math.abs(number) : number;
  return Math.abs(degrees) <= (letters === 'NS' ? 90 : 180)
    ? { value: degrees }
    : { why: 'no place on Earth' };
}

/** Below the sea, as a number or as text. */
const BELOW_SEA = new Set(['1', '3', '\u0001', '\u0003']);
const belowSea = (reference: unknown, text: string): boolean =>
  BELOW_SEA.has(text.slice(0, 1)) || BELOW_SEA.has(String(reference));

function readAltitude(tags: ExifTags): Reading<number> {
  const reading = readQuantity(
    { value: tags.gps.GPSAltitude },
    {
      bounds: LIMITS.camera_altitude_m,
      unknown: [-999, -9999, 65_535],
      measure: { dimension: 'length', unit: 'm', customary: 'm' },
    },
  );
  if (!reading || 'why' in reading) return reading;
  const below = belowSea(tags.gps.GPSAltitudeRef, tags.gpsText(5) ?? '');
  return { value: below ? -Math.abs(reading.value) : reading.value };
}

/** Fills `gps` from the directory of the place; 0, 0 (in the sea off Ghana) is a receiver that knew nothing. */
export function recordGps(tags: ExifTags, record: CaptureRecord): void {
  const coordinate = (name: string, tag: number, letters: 'NS' | 'EW') => {
    const [value, text] = [tags.gps[name], tags.gpsText(tag) ?? ''];
    const reference = tags.gpsText(tag - 1) ?? '';
    const gpsTag = { key: `EXIF ${name}`, value, text, reference };
    return record.read({ key: gpsTag.key, written: value, read: () => readCoordinate(gpsTag, letters) });
  };
  const [latitude, longitude] = [tags.gps.GPSLatitude, tags.gps.GPSLongitude];
  if ([latitude, longitude].flat().every((part) => part === 0)) {
    record.note('EXIF GPS', '0 0', 'the receiver did not know its place');
    return;
  }
  const lat = coordinate('GPSLatitude', 2, 'NS');
  const lon = coordinate('GPSLongitude', 4, 'EW');
  if (!lat || !lon) return;
  const alt = record.read({
    key: 'EXIF GPSAltitude',
    written: tags.gps.GPSAltitude,
    read: () => readAltitude(tags),
  });
  const place = { lat: lat.value, lon: lon.value };
  record.set('gps', alt ? { ...place, alt: alt.value } : place, 'EXIF GPS');
}
