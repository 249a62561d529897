import type { TiffTag } from '../../image/files.js';
import type { Scene } from './scenes.js';
import { type Expected, localTime, seconds } from './write.js';

export interface Directories {
  image: TiffTag[];
  photo: TiffTag[];
  gps?: TiffTag[];
}
export interface ExifHabit {
  program: string;
  /** The public file or report that the form is taken from. */
  source: string;
  tags(scene: Scene): Directories;
  expected(scene: Scene): Expected;
}

export const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });
export const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 3, values });
export const rational = (tag: number, value: number, denominator = 1000): TiffTag => ({
  tag,
  type: 5,
  values: [Math.round(value * denominator), denominator],
});
export const DUMPS = 'drewnoakes/metadata-extractor-images jpg/metadata';

export const clock = (iso: string) => iso.slice(0, 19).replaceAll('-', ':').replace('T', ' ');
export const zoneText = (minutes: number) =>
  `${minutes < 0 ? '-' : '+'}${String(Math.abs(minutes) / 60).padStart(2, '0')}:00`;
export const camera = (make: string, model: string, scene: Scene, software?: string): TiffTag[] => [
  text(0x010f, make),
  text(0x0110, model),
  short(0x0112, 1),
  ...(software === undefined ? [] : [text(0x0131, software)]),
  text(0x0132, clock(localTime(scene))),
];
/** Exposure, aperture, sensitivity, both dates, focal length. */
export const exposure = (s: Scene): TiffTag[] => [
  rational(0x829a, s.exposure),
  rational(0x829d, s.fNumber, 10),
  short(0x8827, s.iso),
  text(0x9003, clock(localTime(s))),
  text(0x9004, clock(localTime(s))),
  rational(0x920a, s.focal),
];
export const offsets = (zone: string): TiffTag[] => [
  text(0x9010, zone),
  text(0x9011, zone),
  text(0x9012, zone),
];
export const taken = (s: Scene): Expected => ({
  datetime: seconds(localTime(s)),
  exposure: s.exposure,
  f_number: s.fNumber,
  iso: s.iso,
  focal_length_mm: s.focal,
  exif_orientation: 1,
});
export const utc = (s: Scene): Expected => ({ datetime_utc: `${seconds(s.utc)}Z` });

export function angle(tag: number, value: number): TiffTag {
  const total = Math.round(Math.abs(value) * 3600 * 100);
  return {
    tag,
    type: 5,
    values: [Math.floor(total / 360_000), 1, Math.floor(total / 6000) % 60, 1, total % 6000, 100],
  };
}
export const gps = (s: Scene, date: string, withAltitude: boolean): TiffTag[] => [
  text(1, s.lat < 0 ? 'S' : 'N'),
  angle(2, s.lat),
  text(3, s.lon < 0 ? 'W' : 'E'),
  angle(4, s.lon),
  ...(withAltitude
    ? [{ tag: 5, type: 1, values: [s.alt < 0 ? 1 : 0] }, rational(6, Math.abs(s.alt), 10)]
    : []),
  {
    tag: 7,
    type: 5,
    values: [Number(s.utc.slice(11, 13)), 1, Number(s.utc.slice(14, 16)), 1, Number(s.utc.slice(17, 19)), 1],
  },
  text(29, date),
];
export const place = ({ lat, lon, alt }: Scene, withAltitude: boolean): Expected => ({
  gps: withAltitude ? { lat, lon, alt } : { lat, lon },
});
export const dayOfYear = (iso: string) =>
  `${iso.slice(0, 4)}:${iso.slice(5, 7)}:${String(
    (Date.parse(iso.slice(0, 10)) - Date.parse(`${iso.slice(0, 4)}-01-01`)) / 86_400_000 + 1,
  ).padStart(3, '0')}`;
