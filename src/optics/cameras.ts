import type { Calibration } from '../job/calibration.js';
import { AstroJobsError } from '../job/errors.js';
import type { OpticsMemory, RememberedField } from './memory.js';

/** What is remembered of one camera and its optics, and under which key. */
export interface RememberedCamera extends RememberedField {
  /** 64 hex digits. */
  key: string;
}

const KEY = /^[0-9a-f]{64}$/;

/** All that is remembered, by the name of the camera. */
export async function listCameras(memory: OpticsMemory): Promise<RememberedCamera[]> {
  const cameras = await Promise.all(
    (await memory.keys()).map(async (key) => {
      const field = await memory.get(key);
      return field ? [{ key, ...field }] : [];
    }),
  );
  return cameras.flat().sort((a, b) => a.optics.localeCompare(b.optics) || a.key.localeCompare(b.key));
}

/**
 * The one camera whose key begins so.
 * @throws AstroJobsError `not_found`, also where it is none or several
 */
export async function findCamera(memory: OpticsMemory, start: string): Promise<RememberedCamera> {
  const keys = start === '' ? [] : (await memory.keys()).filter((key) => key.startsWith(start));
  const [key] = keys;
  const field = keys.length === 1 && key !== undefined && KEY.test(key) ? await memory.get(key) : undefined;
  if (key === undefined || !field)
    throw new AstroJobsError(
      'not_found',
      keys.length > 1 ? `${keys.length} cameras have keys that begin so` : 'No such camera is remembered',
    );
  return { key, ...field };
}

/** Replaces what is known of a camera's lens: the next image of it begins with that. */
export async function teachCamera(
  memory: OpticsMemory,
  start: string,
  calibration: Calibration,
): Promise<RememberedCamera> {
  const { key, ...field } = await findCamera(memory, start);
  const { arcsec_per_pixel } = calibration;
  await memory.put(key, { ...field, arcsec_per_pixel, calibration });
  return { key, ...field, arcsec_per_pixel, calibration };
}
