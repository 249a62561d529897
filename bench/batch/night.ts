import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { seededRandom } from '../../test/sky/random.js';
import { renderSky } from '../../test/sky/render.js';
import { writeSky } from '../../test/sky/write.js';

const [WIDTH, HEIGHT, PIXSCALE] = [600, 400, 12];
const START = Date.UTC(2024, 8, 21, 19, 30);
const CADENCE_MS = 150_000;

/** The n-th picture of a night: the mount drifts, the focus wanders, clouds pass, and dawn comes. */
export async function writeFrame(folder: string, number: number, of: number): Promise<string> {
  const share = number / of;
  const name = `light-${number}.fits`;
  const cloud = Math.exp(-(((share - 0.6) / 0.04) ** 2));
  const sky = renderSky({
    width: WIDTH,
    height: HEIGHT,
    pixscale_arcsec: PIXSCALE,
    ra_deg: share < 0.5 ? 312.9 + 0.15 * share : 10.7 + 0.1 * share,
    dec_deg: share < 0.5 ? 44.3 - 0.1 * share : 41.3 - 0.05 * share,
    orientation_deg: 178 + 0.8 * share,
    psf: [{ fwhm_px: 2.3 + 1.2 * Math.abs(share - 0.35) + 0.1 * Math.sin(number), share: 1 }],
    limit_mag: 9.2 - 3.5 * cloud,
    background: { level: 0.08 + 0.12 * share ** 6 + 0.1 * cloud },
    seed: number + 1,
  });
  const header = {
    'DATE-OBS': new Date(START + number * CADENCE_MS).toISOString().replace('Z', ''),
    EXPTIME: 120,
    FILTER: 'L',
    INSTRUME: 'Rendered',
  };
  await writeSky(join(folder, name), sky, { format: 'fits', header });
  return name;
}

/** Small pictures that hold no sky, each another. */
export async function writeSmall(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const random = seededRandom(5);
  for (let number = 0; number < count; number++) {
    const pixels = Uint8Array.from({ length: 40 * 30 }, () => 20 + 30 * random.uniform());
    const png = await sharp(pixels, { raw: { width: 40, height: 30, channels: 1 } })
      .png()
      .toBuffer();
    await writeFile(join(folder, `small-${number}.png`), png);
  }
}
