import type { Wcs } from '../../src/wcs/wcs.js';
import { framedWcs } from '../sky/projection.js';

/** A frame about a place: `width_deg` wide and two thirds as high, north up as an ordinary FITS. */
export function frame(ra_deg: number, dec_deg: number, width_deg: number, width = 3000): Wcs {
  return framedWcs({
    ra_deg,
    dec_deg,
    width,
    height: Math.round((width * 2) / 3),
    pixscale_arcsec: (width_deg * 3600) / width,
    orientation_deg: 0,
    parity: -1,
  });
}

/** `05 34 31.9`, `+22 00 52` → degrees. */
export function degrees(ra: string, dec: string): [number, number] {
  const value = (text: string) => text.split(' ').reduce((sum, part, i) => sum + Number(part) / 60 ** i, 0);
  return [value(ra) * 15, (dec.startsWith('-') ? -1 : 1) * value(dec.slice(1))];
}
