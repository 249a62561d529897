import { describeField } from '../../src/catalog/objects-in-field.js';
import type { AstroObject } from '../../src/job/astrometry.js';
import type { Capture } from '../../src/job/capture.js';
import type { SolvedResult } from '../../src/job/result.js';
import type { DisplayOptions } from '../../src/wcs/display.js';
import { fieldGeometry } from '../../src/wcs/geometry.js';
import type { Wcs } from '../../src/wcs/wcs.js';

/** The result document that belongs to a plate solution. */
export function resultOf(
  wcs: Wcs,
  display: DisplayOptions,
  parts: { objects?: AstroObject[]; capture?: Capture } = {},
): SolvedResult {
  const field = describeField(wcs);
  return {
    ok: true,
    filename: 'picture.jpg',
    capture: parts.capture ?? {},
    astrometry: {
      ...fieldGeometry(wcs, display),
      objects: parts.objects ?? field.objects,
      subject: field.subject,
    },
  };
}
