import { hipparcosStars } from '../catalog/hipparcos.js';
import type { FieldReferences } from '../measure/references.js';
import { fieldStars } from '../solver/builtin/field-stars.js';
import { fieldGeometry } from '../wcs/geometry.js';
import type { Wcs } from '../wcs/wcs.js';

/** Several times as many stars of the catalogue as are measured: their circle about the image is larger than that, and colours differ. */
const MOST = 1200;

/**
 * The stars of the package in the field of a plate solution.
 * @throws as `fieldStars`
 */
export async function fieldReferences(wcs: Wcs, signal: AbortSignal): Promise<FieldReferences> {
  const { ra_center: ra_deg, dec_center: dec_deg, radius_deg } = fieldGeometry(wcs, { rowOrder: 'top-down' });
  const tycho = await fieldStars({ ra_deg, dec_deg, radius_deg }, MOST, signal);
  return {
    tycho: { ...tycho, isCut: tycho.magnitude.length === MOST },
    hipparcos: hipparcosStars(ra_deg, dec_deg, radius_deg),
  };
}
