import { join } from 'node:path';
import { renderSky } from '../../test/sky/render.js';
import { writeSky } from '../../test/sky/write.js';

/** Sides, in pixels, of the pictures of about that many megapixels. */
const SIZES: Readonly<Record<string, [width: number, height: number]>> = {
  '0.5': [864, 576],
  '9': [3000, 3000],
  '24': [6000, 4000],
  '60': [9504, 6336],
};

/** Photographs of one field, five degrees wide, in cameras of several sizes: paths, in the order of the sizes. */
export async function renderedCases(folder: string, megapixels: readonly number[]): Promise<string[]> {
  const paths: string[] = [];
  for (const size of megapixels) {
    const [width, height] = SIZES[String(size)] ?? [
      Math.round(1000 * Math.sqrt(size * 1.5)),
      Math.round(1000 * Math.sqrt(size / 1.5)),
    ];
    const sky = renderSky({
      ra_deg: 83,
      dec_deg: 4,
      width,
      height,
      pixscale_arcsec: (5 * 3600) / width,
      orientation_deg: 35,
      psf: [{ fwhm_px: Math.max(2.5, width / 1500), share: 1 }],
      limit_mag: 10,
    });
    const path = join(folder, `rendered-${size}-megapixels.jpg`);
    await writeSky(path, sky, { format: 'jpeg' });
    paths.push(path);
  }
  return paths;
}
