import { readFileSync } from 'node:fs';
import { packageFile } from '../package-files.js';
import type { ConstellationFigure } from './figure.js';

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
