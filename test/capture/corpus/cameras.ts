import type { TiffTag } from '../../image/files.js';
import type { Scene } from './scenes.js';
import { type Expected, localTime, pair, seconds } from './write.js';

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

const text = (tag: number, values: string): TiffTag => ({ tag, type: 2, values });
const short = (tag: number, ...values: number[]): TiffTag => ({ tag, type: 3, values });
const rational = (tag: number, value: number, denominator = 1000): TiffTag => ({
  tag,
  type: 5,
  values: [Math.round(value * denominator), denominator],
});
const DUMPS = 'drewnoakes/metadata-extractor-images jpg/metadata';

const clock = (iso: string) => iso.slice(0, 19).replaceAll('-', ':').replace('T', ' ');
const zoneText = (minutes: number) =>
  `${minutes < 0 ? '-' : '+'}${String(Math.abs(minutes) / 60).padStart(2, '0')}:00`;
const camera = (make: string, model: string, scene: Scene, software?: string): TiffTag[] => [
  text(0x010f, make),
  text(0x0110, model),
  short(0x0112, 1),
  ...(software === undefined ? [] : [text(0x0131, software)]),
  text(0x0132, clock(localTime(scene))),
];
/** Exposure, aperture, sensitivity, both dates, focal length. */
const exposure = (s: Scene): TiffTag[] => [
  rational(0x829a, s.exposure),
  rational(0x829d, s.fNumber, 10),
  short(0x8827, s.iso),
  text(0x9003, clock(localTime(s))),
  text(0x9004, clock(localTime(s))),
  rational(0x920a, s.focal),
];
const offsets = (zone: string): TiffTag[] => [text(0x9010, zone), text(0x9011, zone), text(0x9012, zone)];
const taken = (s: Scene): Expected => ({
  datetime: seconds(localTime(s)),
  exposure: s.exposure,
  f_number: s.fNumber,
  iso: s.iso,
  focal_length_mm: s.focal,
  exif_orientation: 1,
});
const utc = (s: Scene): Expected => ({ datetime_utc: `${seconds(s.utc)}Z` });

function angle(tag: number, value: number): TiffTag {
  const total = Math.round(Math.abs(value) * 3600 * 100);
  return {
    tag,
    type: 5,
    values: [Math.floor(total / 360_000), 1, Math.floor(total / 6000) % 60, 1, total % 6000, 100],
  };
}
const gps = (s: Scene, date: string, withAltitude: boolean): TiffTag[] => [
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
const place = ({ lat, lon, alt }: Scene, withAltitude: boolean): Expected => ({
  gps: withAltitude ? { lat, lon, alt } : { lat, lon },
});
const dayOfYear = (iso: string) =>
  `${iso.slice(0, 4)}:${iso.slice(5, 7)}:${String(
    (Date.parse(iso.slice(0, 10)) - Date.parse(`${iso.slice(0, 4)}-01-01`)) / 86_400_000 + 1,
  ).padStart(3, '0')}`;

export const CAMERAS: readonly ExifHabit[] = [
  {
    program: 'Canon EOS 60D',
    source: `${DUMPS}/canon eos 60d.jpg.txt`,
    tags: (s) => ({
      image: [...camera('Canon', 'Canon EOS 60D', s), text(0x013b, ''), text(0x8298, '')],
      photo: [
        ...exposure(s),
        short(0x8830, 2),
        { tag: 0x8832, type: 4, values: [s.iso] },
        text(0x9290, '59'),
        text(0x9291, '59'),
        text(0x9292, '59'),
        { tag: 0xa20e, type: 5, values: [5_184_000, 905] },
        { tag: 0xa20f, type: 5, values: [3_456_000, 595] },
        short(0xa210, 2),
        text(0xa434, 'EF-S15-85mm f/3.5-5.6 IS USM'),
      ],
    }),
    expected: (s) => ({
      ...taken(s),
      datetime: `${seconds(localTime(s))}.59`,
      camera_make: 'Canon',
      camera_model: 'Canon EOS 60D',
      lens_model: 'EF-S15-85mm f/3.5-5.6 IS USM',
      pixel_size_um: [25_400 / (5_184_000 / 905), 25_400 / (3_456_000 / 595)],
    }),
  },
  {
    program: 'Canon EOS 1300D',
    source: 'photoprism/photoprism#1455',
    tags: (s) => ({
      image: camera('Canon', 'Canon EOS 1300D', s),
      photo: [...exposure(s), short(0x8830, 2), { tag: 0x8832, type: 4, values: [s.iso] }],
    }),
    expected: (s) => ({ ...taken(s), camera_make: 'Canon', camera_model: 'Canon EOS 1300D' }),
  },
  {
    program: 'Nikon, date in the directory of the picture as well',
    source: 'immich-app/immich#20839',
    tags: (s) => ({
      image: [...camera('NIKON CORPORATION', 'NIKON D850', s), text(0x9003, clock(localTime(s)))],
      photo: [...exposure(s), ...offsets(zoneText(s.zone)), text(0x9290, '67'), text(0x9291, '67')],
    }),
    expected: (s) => ({
      ...taken(s),
      datetime: `${seconds(localTime(s))}.67`,
      datetime_utc: `${seconds(s.utc)}.67Z`,
      camera_make: 'NIKON CORPORATION',
      camera_model: 'NIKON D850',
    }),
  },
  {
    program: 'Sony Alpha 7, no offset',
    source: 'immich-app/immich#6589',
    tags: (s) => ({
      image: camera('SONY', 'ILCE-7', s, 'ILCE-7 v3.20'),
      photo: [...exposure(s), short(0xa405, s.focal), text(0xa434, '----')],
    }),
    expected: (s) => ({
      ...taken(s),
      focal_length_35mm: s.focal,
      camera_make: 'SONY',
      camera_model: 'ILCE-7',
      software: 'ILCE-7 v3.20',
    }),
  },
  {
    program: 'Google Camera',
    source: 'immich-app/immich#6589',
    tags: (s) => ({
      image: camera('Google', 'Pixel 6', s),
      photo: [...exposure(s), ...offsets(zoneText(s.zone))],
    }),
    expected: (s) => ({ ...taken(s), ...utc(s), camera_make: 'Google', camera_model: 'Pixel 6' }),
  },
  {
    program: 'Fujifilm X10',
    source: `${DUMPS}/java/FujiFilm X10.jpg.txt`,
    tags: (s) => ({
      image: [...camera('FUJIFILM', 'X10', s, 'Digital Camera X10 Ver2.00'), text(0x8298, '    ')],
      photo: [
        ...exposure(s),
        { tag: 0xa20e, type: 5, values: [4554, 1] },
        { tag: 0xa20f, type: 5, values: [4554, 1] },
        short(0xa210, 3),
      ],
    }),
    expected: (s) => ({
      ...taken(s),
      camera_make: 'FUJIFILM',
      camera_model: 'X10',
      software: 'Digital Camera X10 Ver2.00',
      pixel_size_um: pair(10_000 / 4554),
    }),
  },
  {
    program: 'Panasonic DMC-ZS7 with GPS',
    source: `${DUMPS}/Panasonic DMC-ZS7.jpg.txt`,
    tags: (s) => ({
      image: camera('Panasonic', 'DMC-ZS7', s, 'Ver.1.0  '),
      photo: [...exposure(s), short(0xa405, 25)],
      gps: gps(s, s.utc.slice(0, 10).replaceAll('-', ':'), false),
    }),
    expected: (s) => ({
      ...taken(s),
      ...utc(s),
      ...place(s, false),
      focal_length_35mm: 25,
      camera_make: 'Panasonic',
      camera_model: 'DMC-ZS7',
      software: 'Ver.1.0',
    }),
  },
  {
    program: 'Olympus E-M10 Mark III, blank offsets',
    source: 'RhetTbull/osxphotos#1697',
    tags: (s) => ({
      image: camera('OLYMPUS CORPORATION', 'E-M10 Mark III', s),
      photo: [...exposure(s), ...offsets('   :  '), text(0xa434, 'OLYMPUS M.45mm F1.8')],
    }),
    expected: (s) => ({
      ...taken(s),
      camera_make: 'OLYMPUS CORPORATION',
      camera_model: 'E-M10 Mark III',
      lens_model: 'OLYMPUS M.45mm F1.8',
    }),
  },
  {
    program: 'Apple iPhone 6 with iOS 8.0, day of the year in its GPS date',
    source: `${DUMPS}/apple iphone 6.jpg.txt`,
    tags: (s) => ({
      image: camera('Apple', 'iPhone 6', s, '8.0'),
      photo: [
        ...exposure(s),
        text(0x9291, '133'),
        short(0xa405, 29),
        text(0xa434, 'iPhone 6 back camera 4.15mm f/2.2'),
      ],
      gps: gps(s, dayOfYear(s.utc), true),
    }),
    expected: (s) => ({
      ...taken(s),
      ...place(s, true),
      datetime: `${seconds(localTime(s))}.133`,
      focal_length_35mm: 29,
      camera_make: 'Apple',
      camera_model: 'iPhone 6',
      lens_model: 'iPhone 6 back camera 4.15mm f/2.2',
      software: '8.0',
    }),
  },
  {
    program: 'Samsung Galaxy S8',
    source: `${DUMPS}/Samsung SM-G950F (Galaxy S8).jpg.txt`,
    tags: (s) => ({
      image: camera('samsung', 'SM-G950F', s, 'G950FXXU1AQL5'),
      photo: [...exposure(s), short(0xa405, 26)],
    }),
    expected: (s) => ({
      ...taken(s),
      focal_length_35mm: 26,
      camera_make: 'samsung',
      camera_model: 'SM-G950F',
      software: 'G950FXXU1AQL5',
    }),
  },
  {
    program: 'Adobe Lightroom, edited in another zone',
    source: 'photostructure/exiftool-vendored.js#220',
    tags: (s) => ({
      image: [
        text(0x010f, 'Canon'),
        text(0x0110, 'Canon EOS R6'),
        short(0x0112, 1),
        text(0x0131, 'Adobe Photoshop Lightroom Classic 12.0'),
        text(0x0132, '2025:01:25 10:00:00'),
      ],
      photo: [
        ...exposure(s),
        text(0x9010, '+01:00'),
        text(0x9011, zoneText(s.zone)),
        text(0x9012, zoneText(s.zone)),
      ],
    }),
    expected: (s) => ({
      ...taken(s),
      ...utc(s),
      camera_make: 'Canon',
      camera_model: 'Canon EOS R6',
      software: 'Adobe Photoshop Lightroom Classic 12.0',
    }),
  },
  {
    program: 'Android phone that writes hour 24 after midnight',
    source: 'immich-app/immich#5714',
    tags: (s) => {
      const written = `${clock(localTime(s)).slice(0, 10)} 24:08:19`;
      return {
        image: [text(0x010f, 'HUAWEI'), text(0x0110, 'EML-L29'), short(0x0112, 1), text(0x0132, written)],
        photo: [...exposure(s).filter(({ tag }) => tag < 0x9000 || tag > 0x9004), text(0x9003, written)],
      };
    },
    expected: (s) => ({
      ...taken(s),
      datetime: `${localTime(s).slice(0, 10)}T00:08:19`,
      camera_make: 'HUAWEI',
      camera_model: 'EML-L29',
    }),
  },
];
