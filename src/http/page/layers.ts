import { type AstroObject, kindOf, type ObjectKind } from '../../client/index.js';

/** What can be shown or hidden by itself. */
export type Layer = ObjectKind | 'grid';

export const LAYERS: readonly { layer: Layer; name: string; colour: string }[] = [
  { layer: 'nebula', name: 'Nebulae', colour: '#ff93a8' },
  { layer: 'galaxy', name: 'Galaxies', colour: '#c9a4ff' },
  { layer: 'cluster', name: 'Clusters', colour: '#7fd3ff' },
  { layer: 'dark-nebula', name: 'Dark nebulae', colour: '#c8ad8d' },
  { layer: 'star', name: 'Stars', colour: '#ffdc8c' },
  { layer: 'solar-system', name: 'Solar system', colour: '#fff3ad' },
  { layer: 'other', name: 'Others', colour: '#b4c2d3' },
  { layer: 'grid', name: 'Grid', colour: '#8fb0e6' },
];

const COLOURS = new Map(LAYERS.map(({ layer, colour }) => [layer, colour]));

export const colourOf = (layer: Layer): string => COLOURS.get(layer) ?? '#b4c2d3';

export function layerOf(object: AstroObject): ObjectKind {
  return object.catalog === 'star' && object.type === undefined ? 'star' : kindOf(object.type);
}
