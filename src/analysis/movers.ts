import { frameOf } from '../catalog/frame.js';
import { type MagnitudeLimits, movingLimit } from '../catalog/limits.js';
import type { Exposure } from '../ephemeris/exposure.js';
import type { Site } from '../ephemeris/observer.js';
import { type Movers, moversIn } from '../moving/moving-in-field.js';
import type { Wcs } from '../wcs/wcs.js';

export interface MoversQuestion {
  wcs: Wcs;
  exposure: Exposure | { why: string };
  site: Site | undefined;
  /** Files and folders; none where nothing is to be looked for. */
  elements: readonly string[];
  magnitude: MagnitudeLimits | undefined;
  signal: AbortSignal;
}

/** What moved through the picture, with lines for the log. */
export interface FoundMovers extends Movers {
  notes: readonly string[];
}

/** What of the elements of files moved through a solved picture; nothing where no files are named. */
export async function moversOf(question: MoversQuestion): Promise<FoundMovers | undefined> {
  const { wcs, exposure, site, elements, magnitude = {}, signal } = question;
  if (elements.length === 0) return undefined;
  if ('why' in exposure) {
    const report = { files: [], not_stated: [{ what: 'moving_objects', why: exposure.why }] };
    return { rows: [], report, notes: [] };
  }
  const frame = frameOf(wcs);
  const view = { wcs, frame, exposure, site, magnitude: movingLimit(frame.width_deg, magnitude) };
  const found = await moversIn(view, elements, signal);
  const notes = found.report.files.flatMap(({ warnings }) => warnings.map(({ message }) => message));
  return { ...found, notes };
}
