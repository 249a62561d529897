/** What a camera writes into EXIF; everything is optional. */
export interface ExifOptions {
  make?: string;
  model?: string;
  lens?: string;
  software?: string;
  /** 1 to 8. */
  orientation?: number;
  /** `YYYY:MM:DD hh:mm:ss`, local. */
  dateTimeOriginal?: string;
  /** `+02:00` */
  offsetTimeOriginal?: string;
  exposure_s?: number;
  f_number?: number;
  iso?: number;
  focal_length_mm?: number;
  focal_length_35mm?: number;
  /** Pixels per mm of the sensor. */
  focal_plane_px_per_mm?: number;
  gps?: { lat: number; lon: number; alt?: number };
  /** @default 'little' */
  byteOrder?: 'little' | 'big';
}

type Rational = readonly [numerator: number, denominator: number];
type Entry =
  | { tag: number; type: 'byte' | 'short' | 'long'; values: number[] }
  | { tag: number; type: 'ascii'; text: string }
  | { tag: number; type: 'rational'; rationals: Rational[] };

const TYPE_CODE = { byte: 1, ascii: 2, short: 3, long: 4, rational: 5 } as const;
const TYPE_BYTES = { byte: 1, ascii: 1, short: 2, long: 4, rational: 8 } as const;

const ascii = (tag: number, text?: string): Entry[] =>
  text === undefined ? [] : [{ tag, type: 'ascii', text: `${text}\0` }];
const short = (tag: number, value?: number): Entry[] =>
  value === undefined ? [] : [{ tag, type: 'short', values: [value] }];
const rational = (tag: number, value?: number): Entry[] =>
  value === undefined ? [] : [{ tag, type: 'rational', rationals: [fraction(value)] }];

function fraction(value: number): Rational {
  const inverse = 1 / value;
  if (value > 0 && value < 1 && Number.isInteger(inverse)) return [1, inverse];
  const denominator = [1, 10, 100, 1000, 10_000].find((d) => Number.isInteger(value * d)) ?? 100_000;
  return [Math.round(value * denominator), denominator];
}

function sexagesimal(degrees: number): Rational[] {
  const absolute = Math.abs(degrees);
  const whole = Math.floor(absolute);
  const minutes = Math.floor((absolute - whole) * 60);
  const seconds = (absolute - whole - minutes / 60) * 3600;
  return [
    [whole, 1],
    [minutes, 1],
    [Math.round(seconds * 10_000), 10_000],
  ];
}

function gpsEntries({ lat, lon, alt }: NonNullable<ExifOptions['gps']>): Entry[] {
  return [
    { tag: 0, type: 'byte', values: [2, 3, 0, 0] },
    ...ascii(1, lat < 0 ? 'S' : 'N'),
    { tag: 2, type: 'rational', rationals: sexagesimal(lat) },
    ...ascii(3, lon < 0 ? 'W' : 'E'),
    { tag: 4, type: 'rational', rationals: sexagesimal(lon) },
    ...(alt === undefined ? [] : [{ tag: 5, type: 'byte', values: [alt < 0 ? 1 : 0] } satisfies Entry]),
    ...rational(6, alt === undefined ? undefined : Math.abs(alt)),
  ];
}

/** An EXIF 2.32 block: a TIFF structure without pixels, as it stands in APP1 (behind `Exif\0\0`) or in a PNG's eXIf. */
export function exifBlock(options: ExifOptions): Buffer {
  const little = (options.byteOrder ?? 'little') === 'little';
  const pxPerMm = options.focal_plane_px_per_mm;
  const photo: Entry[] = [
    ...rational(0x829a, options.exposure_s),
    ...rational(0x829d, options.f_number),
    ...short(0x8827, options.iso),
    ...ascii(0x9003, options.dateTimeOriginal),
    ...ascii(0x9011, options.offsetTimeOriginal),
    ...rational(0x920a, options.focal_length_mm),
    ...rational(0xa20e, pxPerMm),
    ...rational(0xa20f, pxPerMm),
    ...short(0xa210, pxPerMm === undefined ? undefined : 4),
    ...short(0xa405, options.focal_length_35mm),
    ...ascii(0xa434, options.lens),
  ];
  const gps = options.gps ? gpsEntries(options.gps) : [];
  const image: Entry[] = [
    ...ascii(0x010f, options.make),
    ...ascii(0x0110, options.model),
    ...short(0x0112, options.orientation),
    ...ascii(0x0131, options.software),
    ...ascii(0x0132, options.dateTimeOriginal),
  ];
  const pointers = [
    { tag: 0x8769, entries: photo },
    { tag: 0x8825, entries: gps },
  ].filter(({ entries }) => entries.length > 0);

  const directorySize = (entries: Entry[]) =>
    2 + 12 * entries.length + 4 + entries.reduce((sum, e) => sum + outside(e), 0);
  let next =
    8 +
    directorySize([...image, ...pointers.map(() => ({ tag: 0, type: 'long', values: [0] }) satisfies Entry)]);
  const main = [...image];
  const directories: { at: number; entries: Entry[] }[] = [];
  for (const { tag, entries } of pointers) {
    main.push({ tag, type: 'long', values: [next] });
    directories.push({ at: next, entries });
    next += directorySize(entries);
  }
  const block = Buffer.alloc(next);
  block.write(little ? 'II' : 'MM', 'latin1');
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  for (const { at, entries } of [{ at: 8, entries: main }, ...directories])
    writeDirectory(view, at, entries, little);
  return block;
}

const count = (entry: Entry): number =>
  entry.type === 'ascii'
    ? entry.text.length
    : entry.type === 'rational'
      ? entry.rationals.length
      : entry.values.length;

/** Bytes that do not fit into the entry's own four; kept even. */
function outside(entry: Entry): number {
  const bytes = count(entry) * TYPE_BYTES[entry.type];
  return bytes <= 4 ? 0 : bytes + (bytes % 2);
}

function writeDirectory(view: DataView, at: number, entries: Entry[], little: boolean): void {
  view.setUint16(at, entries.length, little);
  let beyond = at + 2 + 12 * entries.length + 4;
  entries.forEach((entry, i) => {
    const slot = at + 2 + 12 * i;
    view.setUint16(slot, entry.tag, little);
    view.setUint16(slot + 2, TYPE_CODE[entry.type], little);
    view.setUint32(slot + 4, count(entry), little);
    const large = outside(entry);
    if (large > 0) view.setUint32(slot + 8, beyond, little);
    writeValues(view, large > 0 ? beyond : slot + 8, entry, little);
    beyond += large;
  });
}

function writeValues(view: DataView, at: number, entry: Entry, little: boolean): void {
  if (entry.type === 'ascii') {
    Buffer.from(entry.text, 'utf8').forEach((byte, i) => {
      view.setUint8(at + i, byte);
    });
  } else if (entry.type === 'rational') {
    entry.rationals.forEach(([numerator, denominator], i) => {
      view.setUint32(at + 8 * i, numerator, little);
      view.setUint32(at + 8 * i + 4, denominator, little);
    });
  } else {
    entry.values.forEach((value, i) => {
      if (entry.type === 'byte') view.setUint8(at + i, value);
      else if (entry.type === 'short') view.setUint16(at + 2 * i, value, little);
      else view.setUint32(at + 4 * i, value, little);
    });
  }
}
