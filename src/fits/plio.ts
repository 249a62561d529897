// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { AstroJobsError } from '../job/errors.js';

/** Expands a PLIO_1 tile (IRAF pixel lists; FITS 4.0, 10.4.3): run lengths of 12 bits and an ever-changing high value. */
export function plioDecode(bytes: Uint8Array, pixels: number): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Uint16Array.from({ length: bytes.length >> 1 }, (_, i) => view.getUint16(2 * i));
  const corrupt = () => new AstroJobsError('corrupt_image', 'FITS: a PLIO_1 tile is damaged');
  const [, second = 0, third = 0, fourth = 0, fifth = 0] = words;
  const short = third < 0x8000 && third > 0;
  if (words.length < (short ? 3 : 5)) throw corrupt();
  const end = short ? third : (fifth << 15) + fourth;
  const start = short ? 3 : second;
  // Below, i < end.
  if (end > words.length) throw corrupt();
  const values = new Int32Array(pixels);
  let [at, high] = [0, 1];
  for (let i = start; i < end && at < pixels; i++) {
    const word = words[i]!;
    const [opcode, data] = [word >> 12, word & 0xfff];
    switch (opcode) {
      case 0:
        at += data;
        break;
      case 1:
        i++;
        if (i >= end) throw corrupt();
        high = (words[i]! << 12) + data;
        break;
      case 2:
        high += data;
        break;
      case 3:
        high -= data;
        break;
      case 4:
        values.fill(high, at, at + data);
        at += data;
        break;
      case 5:
        at += data;
        if (data > 0 && at <= pixels) values[at - 1] = high;
        break;
      case 6:
      case 7:
        high += opcode === 6 ? data : -data;
        values[at++] = high;
        break;
      default:
        throw corrupt();
    }
  }
  return values;
}
