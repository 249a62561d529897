import { PALETTES } from '../../annotate/palette.js';
import { type AstroObject, kindOf, type ObjectKind } from '../../client/index.js';

/** What can be shown or hidden by itself. */
export type Layer = ObjectKind | 'grid';

export const LAYERS: readonly { layer: Layer; name: string }[] = [
  { layer: 'nebula', name: 'Nebulae' },
  { layer: 'galaxy', name: 'Galaxies' },
  { layer: 'cluster', name: 'Clusters' },
  { layer: 'dark-nebula', name: 'Dark nebulae' },
  { layer: 'star', name: 'Stars' },
  { layer: 'solar-system', name: 'Solar system' },
  { layer: 'asteroid', name: 'Asteroids' },
  { layer: 'comet', name: 'Comets' },
  { layer: 'satellite', name: 'Satellites' },
  { layer: 'other', name: 'Others' },
  { layer: 'grid', name: 'Grid' },
];

/** As in the drawn picture. */
export const colourOf = (layer: Layer): string =>
  layer === 'grid' ? PALETTES.standard.grid : PALETTES.standard.kinds[layer];

export function layerOf(object: AstroObject): ObjectKind {
  return object.catalog === 'star' && object.type === undefined ? 'star' : kindOf(object.type);
}
