import {
  BANDS,
  bandOf,
  DEC_STEPS,
  MAGNITUDE_STEP,
  MAGNITUDE_ZERO,
  raStepsOf,
  STAR_FILE_MAGIC,
  STAR_FILE_VERSION,
} from '../../src/engine/star-file.js';
import type { RawStar } from './sources.js';

/** Stars as `src/engine/star-file.ts` reads them, not yet compressed. */
export function encodeStars(stars: readonly RawStar[]): Uint8Array {
  const bands: { ra: number; dec: number; magnitude: number }[][] = Array.from({ length: BANDS }, () => []);
  for (const { ra_deg, dec_deg, magnitude } of stars) {
    const band = bandOf(dec_deg);
    const steps = raStepsOf(band);
    bands[band]?.push({
      ra: Math.round((ra_deg / 360) * steps) % steps,
      dec: Math.min(
        DEC_STEPS - 1,
        Math.floor((dec_deg + 90 - (band * 180) / BANDS) * ((BANDS * DEC_STEPS) / 180)),
      ),
      magnitude: Math.min(255, Math.max(0, Math.round((magnitude - MAGNITUDE_ZERO) / MAGNITUDE_STEP))),
    });
  }
  const count = stars.length;
  const head = 16 + 4 * BANDS;
  // Planes of equal bytes compress better than stars one after another.
  const bytes = new Uint8Array(head + 6 * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, STAR_FILE_MAGIC);
  view.setUint32(4, STAR_FILE_VERSION);
  view.setUint32(8, count);
  view.setUint32(12, BANDS);
  let at = 0;
  for (const [band, members] of bands.entries()) {
    view.setUint32(16 + 4 * band, members.length);
    members.sort((a, b) => a.ra - b.ra || a.dec - b.dec || a.magnitude - b.magnitude);
    let before = 0;
    for (const { ra, dec, magnitude } of members) {
      const gap = ra - before;
      before = ra;
      const planes = [gap & 255, (gap >> 8) & 255, gap >> 16, dec & 255, dec >> 8, magnitude];
      for (const [plane, value] of planes.entries()) bytes[head + plane * count + at] = value;
      at++;
    }
  }
  return bytes;
}
