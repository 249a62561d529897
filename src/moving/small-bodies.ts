import type { MovingRow } from '../catalog/moving-row.js';
import { later } from '../ephemeris/moment.js';
import { observerAt, type Sight, sightOf } from '../ephemeris/observer.js';
import { GAUSS, inOrbit, twoBody } from '../ephemeris/orbit.js';
import { normalizeRa, positionAngle, RAD, separation } from '../wcs/sphere.js';
import { skyToPixel } from '../wcs/tan-sip.js';
import { directionOf, dot, minus, norm, unitVector, type Vector } from '../wcs/vector.js';
import type { MinorPlanetElements } from './minor-planets.js';
import { magnitudeOf, type SmallBody, twoBodyError } from './small-body.js';
import type { View } from './view.js';

/** Where a body may be off by more, degrees, its elements are too old to list it. */
const MOST_UNCERTAIN_DEG = 0.5;
/** Radius of the Earth, and how far a body moves in a second against the observer at most, au. */
const EARTH_AU = 4.264e-5;
const FASTEST_AU_S = 5e-7;

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** No asteroid is ever brighter than this, of those that come near the Earth -∞; NaN where H is unknown. */
export function brightestOf({ h, axis, eccentricity }: MinorPlanetElements): number {
  if (Number.isNaN(h)) return Number.NaN;
  const nearest = axis * (1 - eccentricity);
  // Seen from 1.02 au at most, and fainter than at opposition.
  return nearest > 1.1 ? h + 5 * Math.log10(nearest * (nearest - 1.02)) : Number.NEGATIVE_INFINITY;
}

/** Finds asteroids and comets in one picture. */
export class SmallBodySearch {
  readonly #view: View;
  readonly #center: Vector;
  /** Of the Earth from the Sun at the middle of the exposure. */
  readonly #earth: Vector;

  constructor(view: View) {
    this.#view = view;
    this.#center = unitVector(...view.frame.center);
    this.#earth = observerAt(view.exposure.middle, undefined);
  }

  /**
   * Whether an asteroid may be in the picture and bright enough for it: one coarse place, of which a million take about a second. Nothing
   * that is listed fails here, since the margin is larger than all that is neglected.
   */
  mayShow(elements: MinorPlanetElements): boolean {
    const { magnitude, exposure } = this.#view;
    const { h } = elements;
    if (!(brightestOf(elements) <= magnitude)) return false;
    const place = coarsePlace(elements, exposure.middle.tt);
    const seen = minus(place, this.#earth);
    const distance = norm(seen);
    if (!(h + 5 * Math.log10(distance * norm(place)) <= magnitude)) return false;
    return dot(seen, this.#center) >= distance * Math.cos(this.#reach(distance));
  }

  /** Radius within which a body is looked for, radians. */
  #reach(distance_au: number): number {
    const { frame, exposure } = this.#view;
    const moved = EARTH_AU + FASTEST_AU_S * (exposure.seconds ?? 0);
    return Math.min(Math.PI, (frame.radius_deg + 0.1) * RAD + moved / distance_au);
  }

  /** The asteroid or comet as it is listed; `outdated` where its elements are too old to say where it was. */
  row(body: SmallBody): MovingRow | 'outdated' | undefined {
    const { exposure, site, frame, wcs, magnitude } = this.#view;
    const place = twoBody(body.orbit);
    const sightAt = (days: number): Sight => {
      const moment = later(exposure.middle, days);
      return sightOf(place, observerAt(moment, site), moment);
    };
    const sight = sightAt(0);
    const bright = magnitudeOf(body, sight);
    if (!(bright <= magnitude)) return undefined;
    const [ra_deg, dec_deg] = directionOf(sight.seen);
    const distance = norm(sight.seen);
    const age = Math.abs(exposure.middle.tt - body.epoch);
    const parallax = site ? 0 : Math.asin(Math.min(1, EARTH_AU / distance)) / RAD;
    const uncertainty_deg = twoBodyError(age, distance) / 3600 + parallax;
    const pixel = skyToPixel(wcs, ra_deg, dec_deg);
    if (!pixel || !frame.contains(...pixel)) return undefined;
    if (uncertainty_deg > MOST_UNCERTAIN_DEG) return 'outdated';
    const [before, after] = [directionOf(sightAt(-1 / 48).seen), directionOf(sightAt(1 / 48).seen)];
    const half = (exposure.seconds ?? 0) / 172_800;
    const trail = [-half, 0, half].map((days) => directionOf(sightAt(days).seen));
    return {
      name: body.name,
      catalog: body.kind === 'comet' ? 'comet' : 'minor-planet',
      id: body.id,
      names: body.names,
      type: body.kind,
      ra_deg,
      dec_deg,
      magnitude: round(bright, 1),
      motion: {
        arcsec_per_hour: round(separation(...before, ...after) * 3600, 2),
        pa_deg: round(positionAngle(...before, ...after), 1),
      },
      ...(half > 0 && {
        trail: trail.map(([ra, dec]) => [round(normalizeRa(ra), 6), round(dec, 6)] as const),
      }),
      distance_au: Number(distance.toPrecision(6)),
      elements_age_days: round(age, 1),
      uncertainty_arcmin: round(uncertainty_deg * 60, 3),
    };
  }
}

/** The place from the Sun without light time, to some arcseconds. */
function coarsePlace(elements: MinorPlanetElements, tt: number): Vector {
  const { axis, eccentricity: e, anomaly_deg, epoch } = elements;
  const mean = anomaly_deg * RAD + (GAUSS * (tt - epoch)) / axis ** 1.5;
  let anomaly = mean + e * Math.sin(mean);
  for (let round = 0; round < 8; round++) {
    const step = (anomaly - e * Math.sin(anomaly) - mean) / (1 - e * Math.cos(anomaly));
    anomaly -= step;
    if (Math.abs(step) < 1e-5) break;
  }
  return inOrbit(elements, axis * (Math.cos(anomaly) - e), axis * Math.sqrt(1 - e * e) * Math.sin(anomaly));
}
