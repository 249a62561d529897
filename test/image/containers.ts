import { gzipSync } from 'node:zlib';
import { zstdFrame } from './compressed.js';
import { fitsOf, imageCards } from './files.js';
import { cr3Of, rafOf, TIFF_RAWS } from './raw-files.js';
import { serOf } from './ser-files.js';
import { type Codec, keyword, property, xisfOf } from './xisf-files.js';

type Uniform = () => number;
const PROPERTIES = [
  'Observation:Time:Start',
  'Instrument:ExposureTime',
  'Instrument:Camera:XBinning',
  'Instrument:Sensor:XPixelSize',
  'Instrument:Telescope:FocalLength',
  'Observation:Center:RA',
  'Observation:Center:Dec',
  'Observation:Location:Latitude',
  'Observation:Location:Longitude',
  'Observation:Equinox',
];
const KEYWORDS = [
  'DATE-OBS',
  'EXPTIME',
  'RA',
  'DEC',
  'FOCALLEN',
  'XPIXSZ',
  'SITELAT',
  'SITELONG',
  'CRVAL1',
  'OBJECT',
];
const CODECS: readonly (Codec | undefined)[] = [undefined, 'zlib', 'lz4', 'zstd'];

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A JPEG of 8×8 pixels of grey. */
const TINY_JPEG = Buffer.from(
  '/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AJIAP//Z',
  'base64',
);

/** A small file of a container that is chosen by chance, with texts of the caller's among its metadata. */
export function containerWith(uniform: Uniform, text: () => string): Buffer {
  const values = Array.from({ length: 48 }, () => Math.floor(uniform() * 255));
  const codec = CODECS[Math.floor(uniform() * CODECS.length)];
  const inside = [
    ...PROPERTIES.map((id) => property(id, uniform() < 0.5 ? 'Float64' : 'String', escaped(text()))),
    ...KEYWORDS.map((name) => keyword(name, escaped(text()))),
  ].filter(() => uniform() < 0.4);
  const fits = () =>
    fitsOf(imageCards(8, 6, [`OBJECT  = '${text().replaceAll("'", '')}'`]), Buffer.alloc(96, 7));
  const writers: readonly (() => Buffer)[] = [
    () =>
      xisfOf([
        {
          width: 8,
          height: 6,
          values,
          inside: inside.join(''),
          shuffled: uniform() < 0.5,
          ...(codec && { codec }),
        },
      ]),
    () => serOf({ width: 8, height: 6, depth: 16, frames: [values], utc: '2024-02-03T20:10:05Z' }),
    () => gzipSync(fits()),
    () => zstdFrame(fits()),
    () => cr3Of(TINY_JPEG, TINY_JPEG),
    () => rafOf(TINY_JPEG, 6000, 4000),
    ...Object.values(TIFF_RAWS).map((write) => () => write(TINY_JPEG)),
  ];
  return Buffer.from(writers[Math.floor(uniform() * writers.length)]!());
}
