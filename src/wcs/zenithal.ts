import {
  DEG,
  destination,
  positionAngle,
  RAD,
  separation,
  type TangentPlane,
  tangentPlane,
} from './sphere.js';

/**
 * The zenithal projections of FITS (Calabretta & Greisen 2002, 5.1) that lenses are made to: TAN of ordinary ones; ARC is called equidistant
 * of a fisheye lens, ZEA equisolid, STG stereographic, SIN orthographic.
 */
export const ZENITHAL_CODES = ['TAN', 'ARC', 'ZEA', 'STG', 'SIN'] as const;
export type ZenithalCode = (typeof ZENITHAL_CODES)[number];
/** Those of fisheye lenses. */
export type FisheyeCode = 'ARC' | 'ZEA' | 'STG' | 'SIN';

/** How lens makers call them. */
export const LENS_NAMES: Readonly<Record<FisheyeCode, string>> = {
  ARC: 'equidistant',
  ZEA: 'equisolid',
  STG: 'stereographic',
  SIN: 'orthographic',
};

/** Distance from the reference point in the plane for an angle from it, and back, both in radians; NaN where there is none. */
interface RadiusLaw {
  radius(angle: number): number;
  angle(radius: number): number;
}

const LAWS: Readonly<Record<FisheyeCode, RadiusLaw>> = {
  ARC: { radius: (angle) => angle, angle: (radius) => (radius <= Math.PI ? radius : Number.NaN) },
  ZEA: { radius: (angle) => 2 * Math.sin(angle / 2), angle: (radius) => 2 * Math.asin(radius / 2) },
  STG: {
    radius: (angle) => (angle < Math.PI ? 2 * Math.tan(angle / 2) : Number.NaN),
    angle: (radius) => 2 * Math.atan(radius / 2),
  },
  SIN: {
    radius: (angle) => (angle <= Math.PI / 2 ? Math.sin(angle) : Number.NaN),
    angle: (radius) => Math.asin(radius),
  },
};

/** Distance in the plane, radians, for an angle from the reference point, radians; NaN where the projection does not reach. */
export function zenithalRadius(code: ZenithalCode, angle: number): number {
  if (code !== 'TAN') return LAWS[code].radius(angle);
  return angle < Math.PI / 2 ? Math.tan(angle) : Number.NaN;
}

/** The angle from the reference point for a distance in the plane, both in radians; NaN beyond the projection's edge. */
export function zenithalAngle(code: ZenithalCode, radius: number): number {
  return code === 'TAN' ? Math.atan(radius) : LAWS[code].angle(radius);
}

/**
 * The plane of a zenithal projection about a place given in degrees. `project` is undefined for places that the projection does not reach
 * (TAN and SIN: from 90° on), `unproject` gives NaN for points of the plane that no place belongs to.
 */
export function zenithalPlane(code: ZenithalCode, ra0_deg: number, dec0_deg: number): TangentPlane {
  if (code === 'TAN') return tangentPlane(ra0_deg, dec0_deg);
  const law = LAWS[code];
  return {
    project(ra_deg, dec_deg) {
      const radius = law.radius(separation(ra0_deg, dec0_deg, ra_deg, dec_deg) * RAD) * DEG;
      if (Number.isNaN(radius)) return undefined;
      const angle = positionAngle(ra0_deg, dec0_deg, ra_deg, dec_deg) * RAD;
      return [radius * Math.sin(angle), radius * Math.cos(angle)];
    },
    unproject(xi_deg, eta_deg) {
      const angle = law.angle(Math.hypot(xi_deg, eta_deg) * RAD) * DEG;
      if (Number.isNaN(angle)) return [Number.NaN, Number.NaN];
      return destination(ra0_deg, dec0_deg, Math.atan2(xi_deg, eta_deg) * DEG, angle);
    },
  };
}
