import { readFileSync } from 'node:fs';
import { packageFile } from '../package-files.js';

/** The lines that join the stars of a constellation. */
export interface ConstellationFigure {
  name: string;
  /** Degrees, J2000. */
  lines: readonly (readonly (readonly [ra_deg: number, dec_deg: number])[])[];
}

let figures: ReadonlyMap<string, ConstellationFigure> | undefined;

/** All 88, by IAU abbreviation; of the form that scripts/build-constellations.mjs writes. Read once, at the first call. */
export function constellationFigures(): ReadonlyMap<string, ConstellationFigure> {
  figures ??= new Map(
    Object.entries(
      JSON.parse(readFileSync(packageFile('data', 'constellations.json'), 'utf8')) as Record<
        string,
        ConstellationFigure
      >,
    ),
  );
  return figures;
}
