import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SolvedResult } from 'astro-jobs';
import type { Wcs } from '../../src/wcs/wcs.js';
import { lensOf } from '../engine/lenses.js';
import { projection, separation_deg } from '../sky/projection.js';
import { renderSky } from '../sky/render.js';
import { writeSky } from '../sky/write.js';

const [WIDTH, HEIGHT] = [1200, 800];
/** Arcseconds a pixel in the middle. */
const SCALE = 110;
/** Moves the corners by 30 pixels, and what is half-way out the other way. */
const LENS = lensOf('moustache', 30, WIDTH, HEIGHT);

export interface Photographs {
  folder: string;
  paths: string[];
  truths: Wcs[];
}

/** Photographs through one lens, of fields all over the sky. */
export async function photographs(count: number, limit_mag = 5.5): Promise<Photographs> {
  const folder = await mkdtemp(join(tmpdir(), 'calibration-'));
  const truths: Wcs[] = [];
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const sky = renderSky({
      ra_deg: (40 + 67 * i) % 360,
      dec_deg: [30, -20, 60, 10, -50, 45][i % 6] as number,
      orientation_deg: 50 * i,
      width: WIDTH,
      height: HEIGHT,
      pixscale_arcsec: SCALE,
      limit_mag,
      sip: LENS,
      seed: i + 1,
    });
    const exif = { make: 'Canon', model: 'Canon EOS R6', dateTimeOriginal: `2024:08:2${i % 9} 23:40:00` };
    const path = join(folder, `night-${i}.jpg`);
    await writeSky(path, sky, { format: 'jpeg', exif });
    truths.push(sky.truth);
    paths.push(path);
  }
  return { folder, paths, truths };
}

/** How far the corners of a result are off: root mean square, pixels. */
export function cornerError({ astrometry }: SolvedResult, truth: Wcs): number {
  const { toSky } = projection(truth);
  const corners = [0.5, WIDTH + 0.5].flatMap((x) => [0.5, HEIGHT + 0.5].map((y) => toSky(x, y)));
  const offs = corners.map((corner) =>
    Math.min(...(astrometry.corners ?? []).map((found) => separation_deg(found, corner))),
  );
  const px = offs.map((off) => (3600 * off) / SCALE);
  return Math.sqrt(px.reduce((sum, off) => sum + off * off, 0) / px.length);
}
