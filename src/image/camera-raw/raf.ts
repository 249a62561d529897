import { corruptImage } from '../errors.js';
import type { ByteReader } from '../file.js';
import type { RawContent } from './preview.js';

const HEADER_BYTES = 108;
const MAX_RECORDS = 256;
/** Records of the sensor's size, height first: what is shown of it, and the whole. */
const SIZES = [0x111, 0x100];

async function sensorSize(file: ByteReader, at: number): Promise<[number, number] | undefined> {
  const head = await file.read(at, 4);
  if (head.length < 4) return undefined;
  const sizes = new Map<number, [number, number]>();
  const count = Math.min(head.readUInt32BE(), MAX_RECORDS);
  for (let i = 0, place = at + 4; i < count; i++) {
    const record = await file.read(place, 8);
    if (record.length < 8) break;
    const [tag, bytes] = [record.readUInt16BE(0), record.readUInt16BE(2)];
    if (SIZES.includes(tag) && bytes === 4) sizes.set(tag, [record.readUInt16BE(6), record.readUInt16BE(4)]);
    place += 4 + bytes;
  }
  return SIZES.map((tag) => sizes.get(tag)).find((size) => size !== undefined);
}

/** Preview and size of a Fujifilm RAF file; its EXIF stands in the preview. */
export async function rafContent(file: ByteReader): Promise<RawContent> {
  const head = await file.read(0, HEADER_BYTES);
  if (head.length < HEADER_BYTES) throw corruptImage('its RAF header is cut off');
  const [offset, length, records] = [84, 88, 92].map((at) => head.readUInt32BE(at)) as [
    number,
    number,
    number,
  ];
  return { name: 'Fujifilm RAF', places: [[offset, length]], sensor: await sensorSize(file, records) };
}
