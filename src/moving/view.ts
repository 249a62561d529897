import type { Frame } from '../catalog/frame.js';
import type { Exposure } from '../ephemeris/exposure.js';
import type { Site } from '../ephemeris/observer.js';
import type { Wcs } from '../wcs/wcs.js';

/** The picture that bodies are looked for in, and when and where from it was taken. */
export interface View {
  wcs: Wcs;
  frame: Frame;
  exposure: Exposure;
  site?: Site | undefined;
  /** Fainter asteroids and comets are not listed. */
  magnitude: number;
}
