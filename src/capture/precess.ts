const DEGREES = Math.PI / 180;
const ARCSEC = DEGREES / 3600;

type Vector = [number, number, number];

function rotateZ([x, y, z]: Vector, angle: number): Vector {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * x - s * y, s * x + c * y, z];
}

function rotateY([x, y, z]: Vector, angle: number): Vector {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * x + s * z, y, -s * x + c * z];
}

/**
 * Carries a mean position of `equinox` (Julian years) to J2000; degrees in, degrees out. Lieske et al. 1977
 * (IAU 1976), to within an arcsecond over two centuries; nutation and aberration, up to 40″, are left out.
 */
export function precessToJ2000(raDeg: number, decDeg: number, equinox: number): [number, number] {
  const t = (equinox - 2000) / 100;
  const zeta = (2306.2181 * t + 0.30188 * t ** 2 + 0.017998 * t ** 3) * ARCSEC;
  const z = (2306.2181 * t + 1.09468 * t ** 2 + 0.018203 * t ** 3) * ARCSEC;
  const theta = (2004.3109 * t - 0.42665 * t ** 2 - 0.041833 * t ** 3) * ARCSEC;
  const [ra, dec] = [raDeg * DEGREES, decDeg * DEGREES];
  const ofDate: Vector = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)];
  // The matrix J2000 → date is Rz(z)·Ry(−θ)·Rz(ζ) acting on vectors; this is its inverse.
  const [x, y, height] = rotateZ(rotateY(rotateZ(ofDate, -z), theta), -zeta);
  const j2000Ra = Math.atan2(y, x) / DEGREES;
  return [(j2000Ra + 360) % 360, Math.atan2(height, Math.hypot(x, y)) / DEGREES];
}
