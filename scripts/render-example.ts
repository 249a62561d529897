/*
 * Renders examples/orion.jpg: the true stars between Orion's belt and sword as a 135 mm lens would have photographed
 * them, with nebulae painted in their places.
 *
 *     node --import ./scripts/typescript.mjs scripts/render-example.ts [FILE]
 *
 * The same index files (Debian's astrometry-data-tycho2) give the same picture.
 */
import { fileURLToPath } from 'node:url';
import { separation_deg } from '../test/sky/projection.js';
import { seededRandom } from '../test/sky/random.js';
import { renderSky } from '../test/sky/render.js';
import { brightStars, indexStars, type Star } from '../test/sky/stars.js';
import { writeSky } from '../test/sky/write.js';
import { paintOrion } from './render-example.nebulae.js';

const CENTRE = { ra_deg: 84.15, dec_deg: -3.0 };
const WIDTH = 1800;
const FOCAL_LENGTH_MM = 135;
const SENSOR_WIDTH_MM = 36;

/** Stars of the index, with colours; a few bright ones that it lacks come from Hipparcos. */
function colouredStars(): Star[] {
  const radius_deg = 10;
  const random = seededRandom(4);
  const near = (a: Star, b: Star) => separation_deg([a.ra_deg, a.dec_deg], [b.ra_deg, b.dec_deg]) * 3600;
  const known = brightStars().filter((star) => near(star, { ...CENTRE, mag: 0 }) < radius_deg * 3600);
  const stars: Star[] = indexStars(CENTRE.ra_deg, CENTRE.dec_deg, radius_deg).map((star) => {
    const drawn = 0.55 + 0.45 * random.normal();
    const same = star.mag < 9.5 ? known.find((other) => near(star, other) < 20) : undefined;
    return { ...star, bv: same?.bv ?? Math.min(1.9, Math.max(-0.2, drawn)) };
  });
  const bright = stars.filter((star) => star.mag < 8);
  const missing = known.filter((star) => star.mag < 6 && !bright.some((other) => near(star, other) < 40));
  return [...stars, ...missing];
}

const sky = renderSky({
  ...CENTRE,
  width: WIDTH,
  height: 1200,
  pixscale_arcsec: ((SENSOR_WIDTH_MM / WIDTH / FOCAL_LENGTH_MM) * 180 * 3600) / Math.PI,
  orientation_deg: 168,
  stars: colouredStars(),
  channels: 3,
  seed: 2024,
  limit_mag: 10.75,
  noise: 0.0014,
  psf: [
    { fwhm_px: 2.2, share: 0.7 },
    { fwhm_px: 5, share: 0.16 },
    { fwhm_px: 14, share: 0.06 },
    { fwhm_px: 38, share: 0.055 },
    { fwhm_px: 110, share: 0.045 },
  ],
  background: { level: 0.0105, gradient: [-0.001, 0.006], vignette: 0.3 },
  paint: paintOrion,
});

// A camera's tone curve: black point, a shoulder that keeps the colour of bright things, gamma, and some saturation.
const AIRGLOW = [0.9, 0.97, 1.16] as const;
const SATURATION = 1.45;
const curve = (light: number) => ((1.35 * light) / (light + 0.35)) ** (1 / 2.1);
for (let i = 0; i < sky.data.length; i += 3) {
  const rgb = AIRGLOW.map((gain, c) => curve(Math.max(0, sky.data[i + c]! * gain - 0.0045)));
  const grey = (rgb[0]! + rgb[1]! + rgb[2]!) / 3;
  rgb.forEach((value, c) => {
    sky.data[i + c] = Math.min(1, Math.max(0, grey + SATURATION * (value - grey)));
  });
}

const path = process.argv[2] ?? fileURLToPath(new URL('../examples/orion.jpg', import.meta.url));
await writeSky(path, sky, {
  format: 'jpeg',
  quality: 86,
  exif: {
    make: 'Canon',
    model: 'Canon EOS 6D',
    lens: 'EF135mm f/2L USM',
    software: 'astro-jobs scripts/render-example.ts: rendered, not photographed',
    orientation: 1,
    dateTimeOriginal: '2024:02:03 21:12:40',
    offsetTimeOriginal: '+01:00',
    exposure_s: 60,
    f_number: 2.8,
    iso: 1600,
    focal_length_mm: FOCAL_LENGTH_MM,
    focal_length_35mm: FOCAL_LENGTH_MM,
    gps: { lat: 43.9317, lon: 5.7133, alt: 650 },
  },
});
