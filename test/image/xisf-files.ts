import { deflateSync } from 'node:zlib';
import { lz4Block, zstdFrame } from './compressed.js';

const WRITERS = {
  UInt8: { bytes: 1, write: (to: Buffer, value: number, at: number) => to.writeUInt8(value, at) },
  UInt16: { bytes: 2, write: (to: Buffer, value: number, at: number) => to.writeUInt16LE(value, at) },
  UInt32: { bytes: 4, write: (to: Buffer, value: number, at: number) => to.writeUInt32LE(value, at) },
  UInt64: {
    bytes: 8,
    write: (to: Buffer, value: number, at: number) => to.writeBigUInt64LE(BigInt(value), at),
  },
  Float32: { bytes: 4, write: (to: Buffer, value: number, at: number) => to.writeFloatLE(value, at) },
  Float64: { bytes: 8, write: (to: Buffer, value: number, at: number) => to.writeDoubleLE(value, at) },
} as const;
export type Format = keyof typeof WRITERS;

const CODECS = {
  zlib: (bytes: Buffer) => deflateSync(bytes),
  lz4: lz4Block,
  lz4hc: lz4Block,
  zstd: zstdFrame,
} as const;
export type Codec = keyof typeof CODECS;

export interface XisfPicture {
  width: number;
  height: number;
  channels?: number;
  format?: Format;
  /** Plane after plane; what `pixelStorage` does to their order is done here. */
  values: readonly number[];
  codec?: Codec;
  shuffled?: boolean;
  /** Number of parts that are compressed on their own. */
  subblocks?: number;
  normal?: boolean;
  bigEndian?: boolean;
  /** More attributes of the element; the last ones of a name count. */
  attributes?: Readonly<Record<string, string>>;
  /** Elements inside it. */
  inside?: string;
  where?: 'attachment' | 'inline' | 'embedded';
}

function shuffle(bytes: Buffer, itemBytes: number): Buffer {
  const items = Math.floor(bytes.length / itemBytes);
  const shuffled = Buffer.from(bytes);
  for (let i = 0; i < items * itemBytes; i++)
    shuffled[(i % itemBytes) * items + Math.floor(i / itemBytes)] = bytes[i]!;
  return shuffled;
}

function samples({
  width,
  height,
  channels = 1,
  format = 'UInt16',
  values,
  normal,
  bigEndian,
}: XisfPicture): Buffer {
  const { bytes, write } = WRITERS[format];
  const data = Buffer.alloc(width * height * channels * bytes);
  const pixels = width * height;
  values.forEach((value, i) => {
    const at = normal ? (i % pixels) * channels + Math.floor(i / pixels) : i;
    write(data, value, at * bytes);
  });
  if (bigEndian && bytes === 2) data.swap16();
  if (bigEndian && bytes === 4) data.swap32();
  if (bigEndian && bytes === 8) data.swap64();
  return data;
}

function blockOf(picture: XisfPicture): { stored: Buffer; attributes: Record<string, string> } {
  const { codec, shuffled, subblocks = 1, format = 'UInt16' } = picture;
  const data = samples(picture);
  if (!codec) return { stored: data, attributes: {} };
  const itemBytes = WRITERS[format].bytes;
  const bytes = shuffled ? shuffle(data, itemBytes) : data;
  const step = Math.ceil(bytes.length / subblocks);
  const parts = Array.from({ length: subblocks }, (_, i) => bytes.subarray(i * step, (i + 1) * step));
  const packed = parts.map((part) => CODECS[codec](part));
  const compression = `${codec}${shuffled ? '+sh' : ''}:${data.length}${shuffled ? `:${itemBytes}` : ''}`;
  return {
    stored: Buffer.concat(packed),
    attributes: {
      compression,
      ...(subblocks > 1 && {
        subblocks: packed.map((part, i) => `${part.length},${parts[i]!.length}`).join(':'),
      }),
    },
  };
}

const written = (attributes: Readonly<Record<string, string>>) =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');

function elementOf(picture: XisfPicture, place: number): { xml: string; attached: Buffer } {
  const { width, height, channels = 1, format = 'UInt16', where = 'attachment', inside = '' } = picture;
  const { stored, attributes } = blockOf(picture);
  const base64 = stored.toString('base64');
  const location = {
    attachment: `attachment:${place}:${stored.length}`,
    inline: 'inline:base64',
    embedded: 'embedded',
  }[where];
  const all = {
    geometry: `${width}:${height}:${channels}`,
    sampleFormat: format,
    colorSpace: channels >= 3 ? 'RGB' : 'Gray',
    ...(format.startsWith('Float') && { bounds: '0:1' }),
    ...(picture.normal && { pixelStorage: 'Normal' }),
    ...(picture.bigEndian && { byteOrder: 'big' }),
    location,
    ...(where === 'embedded' ? {} : attributes),
    ...picture.attributes,
  };
  const data = where === 'embedded' ? `<Data encoding="base64"${written(attributes)}>${base64}</Data>` : '';
  const text = where === 'inline' ? base64 : '';
  return {
    xml: `<Image${written(all)}>${text}${data}${inside}</Image>`,
    attached: where === 'attachment' ? stored : Buffer.alloc(0),
  };
}

const ATTACHED_AT = 4096;

/** A monolithic file of these pictures; `outside` are elements beside them. */
export function xisfOf(pictures: readonly XisfPicture[], outside = ''): Buffer {
  let place = ATTACHED_AT;
  const elements = pictures.map((picture) => {
    const element = elementOf(picture, place);
    place += element.attached.length;
    return element;
  });
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Extensible Image Serialization Format - XISF version 1.0 > -->
<xisf version="1.0" xmlns="http://www.pixinsight.com/xisf">${elements.map((element) => element.xml).join('\n')}${outside}</xisf>`;
  return rawXisf(
    xml,
    elements.map(({ attached }) => attached),
  );
}

/** A file with this header, and these bytes from byte 4096 on. */
export function rawXisf(xml: string, attached: readonly Buffer[] = []): Buffer {
  const header = Buffer.from(xml, 'utf8');
  const preamble = Buffer.alloc(16);
  preamble.write('XISF0100', 'latin1');
  preamble.writeUInt32LE(header.length, 8);
  const gap = Buffer.alloc(Math.max(0, ATTACHED_AT - 16 - header.length));
  return Buffer.concat([preamble, header, gap, ...attached]);
}

export const keyword = (name: string, value: string, comment = '') =>
  `<FITSKeyword name="${name}" value="${value}" comment="${comment}"/>`;
export const property = (id: string, type: string, value: string) =>
  type === 'String'
    ? `<Property id="${id}" type="String">${value}</Property>`
    : `<Property id="${id}" type="${type}" value="${value}"/>`;
