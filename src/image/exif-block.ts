import type { Tiff, TiffDirectory, TiffEntry } from './tiff.js';

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
/** Strip and tile tables, and directories whose place changes: nothing that tells about the capture. */
const LEFT_OUT = new Set([273, 279, 324, 325, 330, 513, 514, EXIF_IFD, GPS_IFD, 0xa005]);
const MAX_VALUE_BYTES = 4096;
const MAX_ENTRIES = 256;
/** Of classic TIFF; a BigTIFF entry of another type has no place in an EXIF block. */
const MAX_TYPE = 12;

interface Item {
  entry: Pick<TiffEntry, 'tag' | 'type' | 'count'>;
  value: Buffer;
}

async function itemsOf(tiff: Tiff, directory: TiffDirectory): Promise<Item[]> {
  const items: Item[] = [];
  for (const entry of directory.entries.values()) {
    if (items.length === MAX_ENTRIES) break;
    if (LEFT_OUT.has(entry.tag) || entry.type > MAX_TYPE || entry.bytes > MAX_VALUE_BYTES) continue;
    items.push({ entry, value: await tiff.bytes(entry, MAX_VALUE_BYTES) });
  }
  return items;
}

class BlockWriter {
  readonly #parts: Buffer[] = [];
  readonly #bigEndian: boolean;
  #length = 0;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
    this.#push(Buffer.from(bigEndian ? 'MM\0*' : 'II*\0', 'latin1'));
    this.#push(this.#uint(8, 4));
  }

  #push(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  #uint(value: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (this.#bigEndian) bytes.writeUIntBE(value, 0, size);
    else bytes.writeUIntLE(value, 0, size);
    return bytes;
  }

  /** Bytes that a directory of these items takes, values included. */
  static sizeOf(items: readonly Item[]): number {
    const values = items.reduce(
      (sum, { value }) => sum + (value.length > 4 ? value.length + (value.length & 1) : 0),
      0,
    );
    return 2 + items.length * 12 + 4 + values;
  }

  pointer(tag: number, offset: number): Item {
    return { entry: { tag, type: 4, count: 1 }, value: this.#uint(offset, 4) };
  }

  directory(items: readonly Item[]): void {
    let place = this.#length + 2 + items.length * 12 + 4;
    const values: Buffer[] = [];
    this.#push(this.#uint(items.length, 2));
    for (const { entry, value } of items) {
      this.#push(
        Buffer.concat([this.#uint(entry.tag, 2), this.#uint(entry.type, 2), this.#uint(entry.count, 4)]),
      );
      if (value.length <= 4) {
        this.#push(Buffer.concat([value, Buffer.alloc(4 - value.length)]));
        continue;
      }
      this.#push(this.#uint(place, 4));
      const padded = Buffer.concat([value, Buffer.alloc(value.length & 1)]);
      values.push(padded);
      place += padded.length;
    }
    this.#push(this.#uint(0, 4));
    for (const value of values) this.#push(value);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Directories that tell about a capture, each with the structure that it stands in. */
type Source = { tiff: Tiff; directory: TiffDirectory } | undefined;

/**
 * An EXIF block of directories of the same order of bytes, which may come from several places.
 * @param sources of several directories for the photograph the first that has a tag counts.
 */
export async function exifBlock(
  bigEndian: boolean,
  sources: { image: Source; photo: readonly Source[]; gps: Source },
): Promise<Uint8Array | undefined> {
  const read = async (source: Source) =>
    source?.tiff.bigEndian === bigEndian ? itemsOf(source.tiff, source.directory) : [];
  const [image, gps] = [await read(sources.image), await read(sources.gps)];
  const byTag = new Map<number, Item>();
  for (const source of sources.photo)
    for (const item of await read(source)) if (!byTag.has(item.entry.tag)) byTag.set(item.entry.tag, item);
  const photo = [...byTag.values()].sort((a, b) => a.entry.tag - b.entry.tag);
  if (image.length + photo.length + gps.length === 0) return undefined;

  const writer = new BlockWriter(bigEndian);
  const photoAt = 8 + BlockWriter.sizeOf(image) + 2 * 12;
  const gpsAt = photoAt + BlockWriter.sizeOf(photo);
  const pointers = [writer.pointer(EXIF_IFD, photoAt), writer.pointer(GPS_IFD, gpsAt)];
  writer.directory([...image, ...pointers].sort((a, b) => a.entry.tag - b.entry.tag));
  writer.directory(photo);
  writer.directory(gps);
  return writer.bytes();
}

async function pointed(tiff: Tiff | undefined, tag: number): Promise<Source> {
  const first = await tiff?.directory(tiff.first);
  if (!tiff || !first) return undefined;
  const [offset] = await tiff.uints(first.entries.get(tag), 1);
  const directory = offset ? await tiff.directory(offset) : undefined;
  return directory && { tiff, directory };
}

/**
 * The EXIF of a TIFF file as a block of its own: its tags are spread over the whole file, however large that is.
 * Values beyond 4 KiB (maker notes, profiles, strip tables) are left out. `undefined` when nothing is left.
 * @param inside an EXIF block inside the file, which may know of the photograph what the file's own directories do not.
 */
export async function exifBlockOf(tiff: Tiff, inside?: Tiff): Promise<Uint8Array | undefined> {
  const image = await tiff.directory(tiff.first);
  if (!image) return undefined;
  return exifBlock(tiff.bigEndian, {
    image: { tiff, directory: image },
    photo: [await pointed(tiff, EXIF_IFD), await pointed(inside, EXIF_IFD)],
    gps: (await pointed(tiff, GPS_IFD)) ?? (await pointed(inside, GPS_IFD)),
  });
}
