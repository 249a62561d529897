import {
  camera,
  clock,
  DUMPS,
  dayOfYear,
  type ExifHabit,
  exposure,
  gps,
  offsets,
  place,
  short,
  taken,
  text,
  utc,
  zoneText,
} from './exif-write.js';
import { localTime, pair, seconds } from './write.js';

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
