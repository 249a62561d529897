import { type Box, boxesIn, childOf } from '../boxes.js';
import { exifBlock } from '../exif-block.js';
import { type ByteReader, bytesReader } from '../file.js';
import { Tiff, type TiffDirectory } from '../tiff.js';
import type { RawContent } from './preview.js';
import { isOrientation } from './tiff-raw.js';

const CANON = '85c0b687820f11e08111f4ce462b6a48';
const PREVIEW = 'eaf42b5e1c984b88b9fbb7dc406e4d16';
const ORIENTATION = 274;
/** The first track holds the picture; there are four or five. */
const MAX_TRACKS = 4;
/** EXIF blocks and the heads of previews are small. */
const MAX_BLOCK_BYTES = 1 << 20;
/** Bytes of a PRVW box before its JPEG, and before those of its version and sizes. */
const PREVIEW_HEAD_BYTES = 16;

interface Block {
  tiff: Tiff;
  directory: TiffDirectory;
}

async function blockIn(file: ByteReader, box: Box | undefined): Promise<Block | undefined> {
  if (!box) return undefined;
  const tiff = await Tiff.open(
    bytesReader(await file.read(box.start, Math.min(box.end - box.start, MAX_BLOCK_BYTES))),
  );
  const directory = await tiff?.directory(tiff.first);
  return tiff && directory ? { tiff, directory } : undefined;
}

/** The first sample of a track: a picture of full size in the first one, sensor data in others. */
async function samplePlace(file: ByteReader, track: Box): Promise<(readonly [number, number])[]> {
  const table = await childOf(file, track, 'mdia', 'minf', 'stbl');
  const [sizes, places] = [await childOf(file, table, 'stsz'), await childOf(file, table, 'co64')];
  if (!sizes || !places) return [];
  const [size, place] = [await file.read(sizes.start, 16), await file.read(places.start, 16)];
  if (size.length < 12 || place.length < 16) return [];
  // One size for all of them, or else a table, whose first entry stands behind the count.
  const bytes = size.readUInt32BE(4) || (size.length >= 16 ? size.readUInt32BE(12) : 0);
  return [[Number(place.readBigUInt64BE(8)), bytes]];
}

async function previewPlace(file: ByteReader, preview: Box): Promise<readonly [number, number]> {
  const head = await file.read(preview.start, PREVIEW_HEAD_BYTES);
  const bytes = head.length < PREVIEW_HEAD_BYTES ? 0 : head.readUInt32BE(12);
  return [preview.start + PREVIEW_HEAD_BYTES, bytes];
}

/**
 * Previews and EXIF of a Canon CR3 file: boxes of ISO 14496-12.
 *
 * Source: https://github.com/lclevy/canon_cr3
 */
export async function cr3Content(file: ByteReader): Promise<RawContent> {
  const places: (readonly [number, number])[] = [];
  let canon: Box | undefined;
  let tracks = 0;
  for await (const box of boxesIn(file, { start: 0, end: file.size })) {
    if (box.type === 'moov') {
      for await (const inner of boxesIn(file, box)) {
        if (inner.type === `uuid ${CANON}`) canon = inner;
        if (inner.type === 'trak' && tracks++ < MAX_TRACKS) places.push(...(await samplePlace(file, inner)));
      }
    }
    if (box.type === `uuid ${PREVIEW}`) {
      // Eight bytes stand before the box inside.
      const preview = await childOf(file, { start: box.start + 8, end: box.end }, 'PRVW');
      if (preview) places.push(await previewPlace(file, preview));
    }
  }
  const blocks = await Promise.all(
    ['CMT1', 'CMT2', 'CMT4'].map(async (name) => blockIn(file, await childOf(file, canon, name))),
  );
  const [image, photo, gps] = blocks;
  const [orientation] = image ? await image.tiff.uints(image.directory.entries.get(ORIENTATION), 1) : [];
  const exif = image && (await exifBlock(image.tiff.bigEndian, { image, photo: [photo], gps }));
  return { name: 'Canon CR3', places, exif, orientation: isOrientation(orientation) };
}
