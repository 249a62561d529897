import { AstroJobsError } from '../job/errors.js';

/** Expands a PLIO_1 tile (IRAF pixel lists; FITS 4.0, 10.4.3): run lengths of 12 bits and an ever-changing high value. */
export function plioDecode(bytes: Uint8Array, pixels: number): Int32Array {
  const words = Array.from({ length: bytes.length >> 1 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
  const corrupt = () => new AstroJobsError('corrupt_image', 'FITS: a PLIO_1 tile is damaged');
  if (words.length < 3) throw corrupt();
  const short = words[2] < 0x8000 && words[2] > 0;
  if (!short && words.length < 5) throw corrupt();
  const end = short ? words[2] : (words[4] << 15) + words[3];
  const start = short ? 3 : words[1];
  if (end > words.length) throw corrupt();
  const values = new Int32Array(pixels);
  let [at, high] = [0, 1];
  for (let i = start; i < end && at < pixels; i++) {
    const [opcode, data] = [words[i] >> 12, words[i] & 0xfff];
    switch (opcode) {
      case 0:
        at += data;
        break;
      case 1:
        i++;
        if (i >= end) throw corrupt();
        high = (words[i] << 12) + data;
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
