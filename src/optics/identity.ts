import { createHash } from 'node:crypto';
import type { Capture } from '../job/capture.js';

/** The camera and optics of an image, as far as its metadata tell them. */
export interface OpticsIdentity {
  /** Under which they are remembered. */
  key: string;
  /** For a person: `Canon EOS R6, RF24-105mm, 50 mm, 6000 × 4000`. */
  optics: string;
}

const rounded = (value: number) => Number(value.toPrecision(4));

/**
 * Images with one key have one pixel scale, as far as can be told: the same camera behind the same optics at the same focal length, and
 * pictures of the same size. The size is taken as it is, portrait like landscape: a smaller picture may be one that was shrunk
 * or one that was cut, with different scales, and those of one camera come in few sizes. The serial number is left out: two
 * cameras of one model have the same scale, and it would tell whose camera it was.
 *
 * @param owner whose image it is: what one owner's images teach is not told to another
 * @returns undefined for an image that does not name its camera
 */
export function identifyOptics(capture: Capture, owner?: string): OpticsIdentity | undefined {
  const { camera_model, image_width: width = 0, image_height: height = 0 } = capture;
  if (camera_model === undefined) return undefined;
  const { pixel_size_um: pixel, binning, focal_length_mm: focal, focal_length_35mm: equivalent } = capture;
  const size = (width: number, height: number) => `${Math.max(width, height)} × ${Math.min(width, height)}`;
  const { recorded_width: fullWidth, recorded_height: fullHeight } = capture;
  const parts = [
    capture.camera_make,
    camera_model,
    capture.lens_model,
    capture.telescope,
    focal !== undefined && `${rounded(focal)} mm`,
    equivalent !== undefined && `${rounded(equivalent)} mm equivalent`,
    pixel && `pixels of ${pixel.map(rounded).join(' × ')} µm`,
    binning && `binning ${binning.join(' × ')}`,
    size(width, height),
    typeof fullWidth === 'number' && typeof fullHeight === 'number' && `of ${size(fullWidth, fullHeight)}`,
  ];
  const told = JSON.stringify([owner ?? null, ...parts.map((part) => part || null)]);
  return {
    key: createHash('sha256').update(told).digest('hex'),
    optics: parts.filter(Boolean).join(', '),
  };
}
