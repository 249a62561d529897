import type { ConstellationFigure } from '../../catalog/figure.js';

export type Figures = ReadonlyMap<string, ConstellationFigure>;

let asked: Promise<Figures> | undefined;

/** The figures and names of the constellations, fetched once, with the first picture; none when they cannot be had. */
export function fetchFigures(): Promise<Figures> {
  asked ??= fetch(new URL('assets/data/constellations.json', document.baseURI))
    .then(async (response) => new Map<string, ConstellationFigure>(Object.entries(await response.json())))
    .catch(() => {
      asked = undefined;
      return new Map();
    });
  return asked;
}
