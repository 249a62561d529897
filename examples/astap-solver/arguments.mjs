import { userScale } from 'astro-jobs';

const ARCSEC_PER_DEGREE = 3600;
const ANYWHERE_DEG = 180;

/**
 * The command line for one image: where to search and how high the field is, as far as the caller or the metadata say.
 * @param {import('astro-jobs').SolveRequest} request
 */
export function astapArguments({ image, params, hints }, file, base) {
  const args = ['-f', file, '-o', base, '-wcs'];
  const position = positionOf(params, hints);
  if (position) {
    // The south pole distance instead of the declination, so that no argument begins with a minus.
    args.push('-ra', String(position.ra_deg / 15), '-spd', String(position.dec_deg + 90));
  }
  args.push('-r', String(params.ra === null ? ANYWHERE_DEG : position.radius_deg));
  const scale = scaleOf(image, params, hints);
  if (scale !== undefined) args.push('-fov', String((scale * image.height) / ARCSEC_PER_DEGREE));
  return args;
}

/** What the caller gives bounds the search; what the metadata say is only where it begins. */
function positionOf({ ra, dec, radius, use_metadata }, hints) {
  if (ra !== null) return { ra_deg: ra, dec_deg: dec, radius_deg: radius };
  return use_metadata ? hints.positions[0] : undefined;
}

/** Arcseconds per pixel in the middle of what is known of the scale; undefined when nothing is. */
function scaleOf(image, params, hints) {
  const given = userScale(params, image.width);
  if (given) return Math.sqrt(given.low * given.high);
  const hint = params.use_metadata ? hints.scales[0] : undefined;
  return hint && Math.sqrt(hint.low_arcsec_per_pixel * hint.high_arcsec_per_pixel);
}
