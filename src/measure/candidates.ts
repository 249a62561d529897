// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays.

import type { AstroObject } from '../job/astrometry.js';
import type { Candidate } from '../job/measured.js';
import { separation } from '../wcs/sphere.js';
import type { Identified } from './identify.js';
import { FLAGS, type Measurement } from './measurement.js';
import { median } from './median.js';
import { instrumental } from './photometry.js';
import type { TychoStars } from './references.js';
import { wellMeasured, widthsOf } from './shape.js';

/** The stars of the package are all there down to this VT. */
export const COMPLETE_TO = 9;
/** No star fainter than this by its estimate is a candidate, and estimates are so many times their scatter off at most. */
const FAINTEST = 8.5;
const SCATTERS = 3;
/** Where so few stars are identified nothing is said, nor where more of the bright ones are strangers than this. */
const FEWEST_IDENTIFIED = 12;
const MOST_STRANGERS = 0.1;
const MOST = 20;
/** A star is wider than a hot pixel and narrower than a nebula, by these factors of the others. */
const WIDTHS = [0.65, 1.6];
const LEAST_SNR = 20;
/** Around a place so many measured stars are asked whether they are known; half of them have to be. */
const WITNESSES = 6;
/** Catalogues and photographs differ by proper motion and in close pairs. */
const SAME_ARCSEC = 30;
/** A star that is fainter by so many magnitudes is not what is seen beside it. */
const BLENDED = 2;
/** About the planets stand their moons and reflections. */
const PLANET_REACH_DEG = 0.5;
/** Within this of its middle a nebula, a cluster or a galaxy may look like a star. */
const COMPACT_DEG = 0.08;

/** What candidates are looked for in. */
export interface Searched {
  pixscale_arcsec: number;
  identified: Identified;
  tycho: TychoStars;
  /** What is in the field, planets among it. */
  objects: readonly AstroObject[];
  /** Of the zero point. */
  scatter: number;
  /** Of the photometry. */
  slope: number | undefined;
}

/**
 * Bright stars that are in no catalogue of the package, the brightest first. A text says why where they are not looked for.
 */
export function candidatesOf(measurement: Measurement, searched: Searched): Candidate[] | string {
  const { stars } = measurement;
  const { tycho } = searched;
  const { vt, v, ra_deg, dec_deg, plane } = searched.identified;
  const magnitudes = estimates(measurement, searched);
  if (!magnitudes)
    return `Fewer than ${FEWEST_IDENTIFIED} stars are identified: no candidates are looked for`;
  const faintest = Math.min(FAINTEST, completeTo(tycho) - SCATTERS * searched.scatter);
  const isKnown = (i: number) => !Number.isNaN(vt[i]!) || !Number.isNaN(v[i]!);
  const bright = Array.from(magnitudes.keys()).filter((i) => magnitudes[i]! <= faintest);
  const widths = widthsOf(stars);
  const usual = median(wellMeasured(measurement).map((i) => widths[i]!));
  const margin = 2 * measurement.aperture_px;
  const same = Math.max(SAME_ARCSEC / searched.pixscale_arcsec, measurement.aperture_px / 2);
  const strangers = bright.filter((i) => {
    const [x, y] = [stars.x[i]!, stars.y[i]!];
    return (
      !isKnown(i) &&
      (stars.flags[i]! & FLAGS.crowded) === 0 &&
      stars.flux[i]! >= LEAST_SNR * stars.flux_error[i]! &&
      x > margin &&
      y > margin &&
      x < measurement.width - margin &&
      y < measurement.height - margin &&
      widths[i]! >= WIDTHS[0]! * usual &&
      widths[i]! <= WIDTHS[1]! * usual &&
      !plane.tycho.nearest(plane.x[i]!, plane.y[i]!, same) &&
      // The light of a star beside it, of one that is as bright or nearly so.
      !plane.tycho
        .within(plane.x[i]!, plane.y[i]!, margin)
        .some((star) => tycho.magnitude[star]! <= magnitudes[i]! + BLENDED)
    );
  });
  const known = bright.filter(isKnown).length;
  if (strangers.length > Math.max(3, MOST_STRANGERS * known))
    return `${strangers.length} bright stars beside ${known} known ones are in no catalogue: something else is in the picture`;
  const witnesses = witnessesOf(measurement, isKnown);
  return strangers
    .filter((i) => witnesses(i) && !isExplained(searched.objects, ra_deg[i]!, dec_deg[i]!))
    .sort((a, b) => magnitudes[a]! - magnitudes[b]!)
    .slice(0, MOST)
    .map((i) => ({
      ...{ x: stars.x[i]!, y: stars.y[i]!, ra_deg: ra_deg[i]!, dec_deg: dec_deg[i]! },
      magnitude: magnitudes[i]!,
      relative_width: widths[i]! / usual,
      snr: stars.flux[i]! / stars.flux_error[i]!,
    }));
}

/** VT of every star by those that are identified, on the line that fits an image that was stretched too. */
function estimates({ stars }: Measurement, { identified, slope = 1 }: Searched): Float64Array | undefined {
  const { vt } = identified;
  const known = Array.from(vt.keys()).filter(
    (i) => !Number.isNaN(vt[i]!) && stars.flux[i]! > 0 && (stars.flags[i]! & FLAGS.saturated) === 0,
  );
  if (known.length < FEWEST_IDENTIFIED || !(slope > 0.2)) return undefined;
  const light = median(known.map((i) => instrumental(stars.flux[i]!)));
  const magnitude = median(known.map((i) => vt[i]!));
  return Float64Array.from(stars.flux, (flux) =>
    flux > 0 ? magnitude + (instrumental(flux) - light) / slope : Number.NaN,
  );
}

/** Down to which magnitude all stars of the field are at hand. */
function completeTo({ magnitude, isCut }: TychoStars): number {
  const last = magnitude.at(-1) ?? COMPLETE_TO;
  return isCut ? Math.min(COMPLETE_TO, last - BLENDED) : COMPLETE_TO;
}

/** Whether the stars about one are those of the catalogue; not so in a foreground, or where the solution is off. */
function witnessesOf({ stars }: Measurement, isKnown: (star: number) => boolean): (star: number) => boolean {
  const all = Array.from(stars.flux.keys()).filter((i) => stars.flux[i]! > LEAST_SNR * stars.flux_error[i]!);
  return (star) => {
    const distance = (i: number) => Math.hypot(stars.x[i]! - stars.x[star]!, stars.y[i]! - stars.y[star]!);
    // The brightest come first, so that a faint one that no catalogue has is not asked.
    const about = all
      .slice(0, Math.max(60, all.length / 3))
      .filter((i) => i !== star)
      .sort((a, b) => distance(a) - distance(b))
      .slice(0, WITNESSES);
    return about.length === WITNESSES && about.filter(isKnown).length >= WITNESSES / 2;
  };
}

/** A nebula, a cluster, a galaxy, a planet or one of its moons. */
function isExplained(objects: readonly AstroObject[], ra: number, dec: number): boolean {
  return objects.some(({ catalog, type, ra_deg, dec_deg, size_arcmin = 1 }) => {
    if (ra_deg === undefined || dec_deg === undefined) return false;
    // A wide nebula does not make a star.
    const size_deg = type === 'star' ? 0 : Math.min(size_arcmin / 120, COMPACT_DEG);
    const reach = catalog === 'solar-system' ? PLANET_REACH_DEG : size_deg + 0.01;
    return separation(ra, dec, ra_deg, dec_deg) <= reach;
  });
}
