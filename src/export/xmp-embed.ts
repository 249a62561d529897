import { crc32 } from 'node:zlib';
import { AstroJobsError } from '../job/errors.js';
import { type Tags, xmpPacket } from './xmp.js';

const JPEG_MARK = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
const PNG_KEYWORD = 'XML:com.adobe.xmp';
/** A segment of a JPEG holds so many bytes after its length. */
const SEGMENT_BYTES = 0xffff - 2;

const cutOff = () => new AstroJobsError('corrupt_image', 'The image ends in the middle of its metadata');

/** A JPEG with the tags in its XMP packet; nothing else of it changes. */
export function jpegWithXmp(jpeg: Buffer, tags: Tags): Buffer {
  const kept: Buffer[] = [jpeg.subarray(0, 2)];
  let existing: string | undefined;
  let at = 2;
  // The segments that belong at the beginning: JFIF, EXIF, XMP.
  while (jpeg[at] === 0xff && (jpeg[at + 1] === 0xe0 || jpeg[at + 1] === 0xe1)) {
    if (at + 4 > jpeg.length) throw cutOff();
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (end > jpeg.length) throw cutOff();
    const segment = jpeg.subarray(at, end);
    const content = segment.subarray(4);
    if (content.subarray(0, JPEG_MARK.length).equals(JPEG_MARK))
      existing ??= content.toString('utf8', JPEG_MARK.length);
    else kept.push(segment);
    at = end;
  }
  const content = [xmpPacket(tags, existing), xmpPacket(tags)]
    .map((packet) => Buffer.concat([JPEG_MARK, Buffer.from(packet)]))
    .find(({ length }) => length <= SEGMENT_BYTES);
  if (!content) throw new AstroJobsError('internal', 'The tags are too long for a JPEG');
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([...kept, head, content, jpeg.subarray(at)]);
}

/** A PNG with the tags in its XMP packet; nothing else of it changes. */
export function pngWithXmp(png: Buffer, tags: Tags): Buffer {
  const kept: Buffer[] = [];
  let existing: string | undefined;
  for (let at = 8; at < png.length; ) {
    if (at + 12 > png.length) throw cutOff();
    const end = at + 12 + png.readUInt32BE(at);
    const chunk = png.subarray(at, end);
    const packet = chunk.toString('latin1', 4, 8) === 'iTXt' ? xmpOfText(chunk.subarray(8, -4)) : undefined;
    if (packet === undefined) kept.push(chunk);
    else existing ??= packet;
    at = end;
  }
  const [header = Buffer.alloc(0), ...rest] = kept;
  const text = Buffer.from(`${PNG_KEYWORD}\0\0\0\0\0${xmpPacket(tags, existing)}`);
  const body = Buffer.concat([Buffer.from('iTXt', 'latin1'), text]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(text.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, 8), header, length, body, sum, ...rest]);
}

/** The packet in the content of an iTXt chunk, when it is one and not compressed. */
function xmpOfText(content: Buffer): string | undefined {
  if (content.toString('latin1', 0, PNG_KEYWORD.length + 1) !== `${PNG_KEYWORD}\0`) return undefined;
  // Language and translated keyword follow, each ended by a zero.
  const language = content.indexOf(0, PNG_KEYWORD.length + 3);
  const translated = content.indexOf(0, language + 1);
  return content[PNG_KEYWORD.length + 1] === 0 ? content.toString('utf8', translated + 1) : '';
}
