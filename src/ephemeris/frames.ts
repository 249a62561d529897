import { RAD } from '../wcs/sphere.js';
import type { Vector } from '../wcs/vector.js';

/** Obliquity of J2000 by which elements of orbits are published: 84381.448″ (IAU 1976). */
const OBLIQUITY = 23.439_291_1 * RAD;
const [SIN, COS] = [Math.sin(OBLIQUITY), Math.cos(OBLIQUITY)];

/** From the ecliptic of J2000 to its equator. */
export const eclipticToEquatorial = ([x, y, z]: Vector): Vector => [x, y * COS - z * SIN, y * SIN + z * COS];
