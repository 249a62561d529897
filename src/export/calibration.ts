import { parseHeader } from '../fits/header.js';
import { AstroJobsError } from '../job/errors.js';
import { identifyOptics } from '../optics/identity.js';
import { shownLens } from '../optics/shown-lens.js';
import { parseWcs } from '../wcs/parse.js';
import type { ExportSource } from './export-source.js';
import { type MadeFile, requiredFile, wholeFile } from './exported-file.js';

/** What the solution says of the lens, for other images of the same camera and optics: see docs/calibration.md. */
export async function exportCalibration(source: ExportSource): Promise<MadeFile> {
  const wcs = parseWcs(parseHeader(await requiredFile(source, 'solution.wcs')));
  const { result } = source;
  const optics = result?.capture && identifyOptics(result.capture)?.optics;
  const calibration = shownLens(wcs, result?.solve?.fit, optics);
  if (!calibration)
    throw new AstroJobsError(
      'not_found',
      'The solution is not shown to be true to the corners of the image (`solve.fit.good_to_corners`), so it says too little of the lens',
    );
  return wholeFile(`${JSON.stringify(calibration, null, 2)}\n`);
}
