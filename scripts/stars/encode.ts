import {
  BANDS,
  CHECKED_FROM,
  crc32,
  DEC_BITS,
  DEC_STEPS,
  FAINTEST,
  HEAD_BYTES,
  MAGNITUDE_STEPS_PER_MAG,
  MAX_MAGNITUDE_STEP,
  raStepsOf,
  STAR_FILE_MAGIC,
  STAR_FILE_VERSION,
} from '../../src/engine/star-file.js';

export interface CatalogueStar {
  /** Degrees, J2000. */
  ra_deg: number;
  dec_deg: number;
  magnitude: number;
}

/** A star in whole steps. */
interface Steps {
  ra: number;
  dec: number;
  /** Steps brighter than the faintest. */
  brightness: number;
}

/** Packs stars as `src/engine/star-file.ts` describes; the same stars in any order give the same bytes. */
export function encodeStars(stars: readonly CatalogueStar[]): Uint8Array {
  const bands = bandsOf(stars);
  const all = bands.flat();
  const magnitudeBits = bestParameter(all.map(({ brightness }) => brightness));
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  for (let i = 0; i < STAR_FILE_MAGIC.length; i++) head[i] = STAR_FILE_MAGIC.charCodeAt(i);
  view.setUint32(8, STAR_FILE_VERSION, true);
  view.setUint32(16, all.length, true);
  view.setUint8(20, magnitudeBits);
  const bits = new BitWriter();
  for (const [band, members] of bands.entries()) {
    const gaps = members.map(({ ra }, i) => ra - (members[i - 1]?.ra ?? 0));
    const gapBits = bestParameter(gaps);
    view.setUint32(24 + 5 * band, members.length, true);
    view.setUint8(28 + 5 * band, gapBits);
    for (const [i, { dec, brightness }] of members.entries()) {
      bits.rice(gaps[i]!, gapBits);
      bits.put(dec, DEC_BITS);
      bits.rice(brightness, magnitudeBits);
    }
  }
  const file = Buffer.concat([head, bits.end()]);
  file.writeUInt32LE(crc32(file.subarray(CHECKED_FROM)), 12);
  return file;
}

function bandsOf(stars: readonly CatalogueStar[]): Steps[][] {
  const bands: Steps[][] = Array.from({ length: BANDS }, () => []);
  for (const { ra_deg, dec_deg, magnitude } of stars) {
    const band = Math.min(BANDS - 1, Math.floor(dec_deg + 90));
    const raSteps = raStepsOf(band);
    const dec = Math.min(DEC_STEPS - 1, Math.floor((dec_deg + 90 - band) * DEC_STEPS));
    const brightness = Math.round((FAINTEST - magnitude) * MAGNITUDE_STEPS_PER_MAG);
    bands[band]!.push({
      ra: Math.round((ra_deg / 360) * raSteps) % raSteps,
      dec,
      brightness: Math.min(MAX_MAGNITUDE_STEP, Math.max(0, brightness)),
    });
  }
  for (const band of bands) band.sort((a, b) => a.ra - b.ra || a.dec - b.dec || b.brightness - a.brightness);
  return bands;
}

/** The Rice parameter that makes the shortest code. */
function bestParameter(values: readonly number[]): number {
  let [best, shortest] = [0, Number.POSITIVE_INFINITY];
  for (let parameter = 0; parameter <= 20; parameter++) {
    let length = 0;
    for (const value of values) length += (value >> parameter) + 1 + parameter;
    if (length < shortest) [best, shortest] = [parameter, length];
  }
  return best;
}

class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #bits = 0;

  /** At most 24 bits. */
  put(value: number, count: number): void {
    this.#held = (this.#held << count) | value;
    this.#bits += count;
    while (this.#bits >= 8) {
      this.#bits -= 8;
      this.#bytes.push((this.#held >>> this.#bits) & 255);
    }
    this.#held &= (1 << this.#bits) - 1;
  }

  rice(value: number, parameter: number): void {
    for (let upper = value >> parameter; upper > 0; upper--) this.put(1, 1);
    this.put(0, 1);
    this.put(value & ((1 << parameter) - 1), parameter);
  }

  end(): Uint8Array {
    if (this.#bits > 0) this.put(0, 8 - this.#bits);
    return Uint8Array.from(this.#bytes);
  }
}
