/** Degrees to radians, and back. */
export const RAD = Math.PI / 180;
export const DEG = 180 / Math.PI;

/** An angle brought to [0, 360) degrees. */
export function normalizeRa(ra_deg: number): number {
  const turned = ra_deg % 360;
  const positive = turned < 0 ? turned + 360 : turned;
  return positive >= 360 ? 0 : positive;
}

/** An angle brought to (−180, 180] degrees. */
export function normalizeSigned(angle_deg: number): number {
  const positive = normalizeRa(angle_deg);
  return positive > 180 ? positive - 360 : positive;
}

/** What two directions need: cosine times sine and cosine of the angle between, seen from the first one's meridian. */
function components(ra1: number, dec1: number, ra2: number, dec2: number) {
  const [d1, d2] = [dec1 * RAD, dec2 * RAD];
  const half = Math.sin(((ra2 - ra1) * RAD) / 2);
  const versine = 2 * half * half;
  const east = Math.cos(d2) * Math.sin((ra2 - ra1) * RAD);
  // sin(d2 − d1) plus a small term, instead of the difference of two large ones: exact for close pairs.
  const north = Math.sin(d2 - d1) + Math.sin(d1) * Math.cos(d2) * versine;
  const along = Math.cos(d2 - d1) - Math.cos(d1) * Math.cos(d2) * versine;
  return { east, north, along };
}

/** Great-circle distance of two places, degrees; exact from microarcseconds to antipodes (Vincenty's form). */
export function separation(ra1_deg: number, dec1_deg: number, ra2_deg: number, dec2_deg: number): number {
  const { east, north, along } = components(ra1_deg, dec1_deg, ra2_deg, dec2_deg);
  return Math.atan2(Math.hypot(east, north), along) * DEG;
}

/** Position angle of the second place seen from the first, degrees east of north in [0, 360). */
export function positionAngle(ra1_deg: number, dec1_deg: number, ra2_deg: number, dec2_deg: number): number {
  const { east, north } = components(ra1_deg, dec1_deg, ra2_deg, dec2_deg);
  return normalizeRa(Math.atan2(east, north) * DEG);
}

/** The place that lies `distance_deg` away in the direction of a position angle: [RA, Dec] in degrees. */
export function destination(
  ra_deg: number,
  dec_deg: number,
  positionAngle_deg: number,
  distance_deg: number,
): [number, number] {
  const [dec, pa, distance] = [dec_deg * RAD, positionAngle_deg * RAD, distance_deg * RAD];
  const north = Math.sin(distance) * Math.cos(pa);
  const x = Math.cos(dec) * Math.cos(distance) - Math.sin(dec) * north;
  const y = Math.sin(distance) * Math.sin(pa);
  const z = Math.sin(dec) * Math.cos(distance) + Math.cos(dec) * north;
  return [normalizeRa(ra_deg + Math.atan2(y, x) * DEG), Math.atan2(z, Math.hypot(x, y)) * DEG];
}

/** The plane that touches the sky at one place; standard coordinates xi (east) and eta (north), both in degrees. */
export interface TangentPlane {
  /** Standard coordinates of a place, or undefined when it is 90° or more away. */
  project(ra_deg: number, dec_deg: number): [xi_deg: number, eta_deg: number] | undefined;
  /** The place, [RA, Dec] in degrees. */
  unproject(xi_deg: number, eta_deg: number): [ra_deg: number, dec_deg: number];
}

/** Gnomonic projection (TAN; Calabretta & Greisen 2002, 5.1.3) about a place given in degrees. */
export function tangentPlane(ra0_deg: number, dec0_deg: number): TangentPlane {
  const [sin0, cos0] = [Math.sin(dec0_deg * RAD), Math.cos(dec0_deg * RAD)];
  return {
    project(ra_deg, dec_deg) {
      const { east, north, along } = components(ra0_deg, dec0_deg, ra_deg, dec_deg);
      // NaN is not greater than anything, and has no place on the plane either.
      if (!(along > 1e-12)) return undefined;
      return [(east / along) * DEG, (north / along) * DEG];
    },
    unproject(xi_deg, eta_deg) {
      const [xi, eta] = [xi_deg * RAD, eta_deg * RAD];
      const toMeridian = cos0 - eta * sin0;
      const ra = ra0_deg + Math.atan2(xi, toMeridian) * DEG;
      const dec = Math.atan2(sin0 + eta * cos0, Math.sqrt(xi * xi + toMeridian * toMeridian)) * DEG;
      return [normalizeRa(ra), dec];
    },
  };
}
