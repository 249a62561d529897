import { DECODERS } from '../image/decoders.js';
import type { ImageKind } from '../image/image.js';
import { AstroJobsError } from '../job/errors.js';

/** @throws AstroJobsError `not_found` for a list of stars; `purpose` goes on after "there is no image" */
export function assertPixels(kind: ImageKind, purpose: string): void {
  if (!DECODERS[kind].hasPixels)
    throw new AstroJobsError('not_found', `The job was a list of stars: there is no image ${purpose}`);
}
