import { hipparcosStars } from '../../src/catalog/hipparcos.js';
import { describeField } from '../../src/catalog/objects-in-field.js';
import type { GreyImage } from '../../src/image/image.js';
import { candidatesOf } from '../../src/measure/candidates.js';
import { identify } from '../../src/measure/identify.js';
import { imageQuality } from '../../src/measure/image-quality.js';
import { measureStars } from '../../src/measure/measure-stars.js';
import { photometryOf } from '../../src/measure/photometry.js';
import { detectStars } from '../../src/stars/detect.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import { FULL_SCALE, type KnownSky, packagedStars } from './rendered.js';

/** A sky as a file of 16 bits has it. */
export function greyOf({ data, width, height }: KnownSky): GreyImage {
  return {
    data: Uint16Array.from(data, (value) => Math.round(value * FULL_SCALE)),
    width,
    height,
    scale: [1, 1],
  };
}

/** All that is measured of a sky, by its true plate solution and stars that are found in it. */
export async function measureSky(sky: KnownSky, { exposure }: { exposure?: number } = {}) {
  const grey = greyOf(sky);
  const stars = await detectStars(grey, sky);
  const found = stars.map(({ x, y, peak, area }) => ({
    x,
    y,
    peak,
    width_px: 2 * Math.sqrt(area / Math.PI),
  }));
  const measurement = await measureStars(grey, found, sky);
  const display = { rowOrder: 'bottom-up' } as const;
  const { ra_center, dec_center, radius_deg, pixscale_arcsec } = fieldGeometry(sky.truth, display);
  const catalogue = packagedStars(ra_center, dec_center, radius_deg);
  const tycho = {
    ra_deg: Float64Array.from(catalogue, (star) => star.ra_deg),
    dec_deg: Float64Array.from(catalogue, (star) => star.dec_deg),
    magnitude: Float64Array.from(catalogue, (star) => star.mag),
    isCut: false,
  };
  const identified = identify(
    measurement,
    sky.truth,
    { tycho, hipparcos: hipparcosStars(ra_center, dec_center, radius_deg) },
    { pixscale_arcsec, rms_arcsec: 0.1 * pixscale_arcsec },
  );
  const photometry = photometryOf(measurement, identified, { meaning: 'light', offset: 0 }, pixscale_arcsec);
  if (typeof photometry === 'string') throw new Error(photometry);
  const quality = imageQuality(measurement, { wcs: sky.truth, pixscale_arcsec, display, exposure });
  const candidates = candidatesOf(measurement, {
    ...{
      pixscale_arcsec,
      identified,
      tycho,
      scatter: photometry.scatter,
      slope: photometry.slope,
    },
    objects: describeField(sky.truth).objects,
  });
  return { measurement, identified, quality, photometry, candidates, pixscale_arcsec };
}

/** Magnitude of a star whose light is five times its error, and of a square arcsecond of the sky: by what was drawn. */
export function trueDepth({ zero_point, concentration, noise, level }: KnownSky, pixscale_arcsec: number) {
  const error = (noise * FULL_SCALE) / Math.sqrt(concentration);
  return {
    limiting_magnitude: zero_point - 2.5 * Math.log10(5 * error),
    sky: zero_point - 2.5 * Math.log10((level * FULL_SCALE) / pixscale_arcsec ** 2),
  };
}
