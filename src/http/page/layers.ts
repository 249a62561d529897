import type { Layer as DrawnLayer } from '../../annotate/drawing-options.js';
import { type PaletteName, paletteOf } from '../../annotate/palette.js';
import { layerOf } from '../../catalog/layers.js';
import { type AstroObject, kindOf, type ObjectKind } from '../../client/index.js';

/** Lists of clouds that cover one another: each is switched by itself, beside the kind. */
const CATALOGUES = ['sharpless', 'barnard', 'lbn', 'ldn'] as const;
type Catalogue = (typeof CATALOGUES)[number];
export type Lines = Extract<DrawnLayer, 'constellations' | 'grid' | 'ecliptic' | 'equator' | 'galactic'>;

/** What can be shown or hidden by itself. */
export type Layer = ObjectKind | Catalogue | Lines;

const KINDS: readonly (readonly [ObjectKind, string])[] = [
  ['nebula', 'Nebulae'],
  ['galaxy', 'Galaxies'],
  ['cluster', 'Clusters'],
  ['dark-nebula', 'Dark nebulae'],
  ['star', 'Stars'],
  ['solar-system', 'Solar system'],
  ['asteroid', 'Asteroids'],
  ['comet', 'Comets'],
  ['satellite', 'Satellites'],
  ['other', 'Others'],
];
const NAMES: Readonly<Record<Catalogue, string>> = {
  sharpless: 'Sharpless',
  barnard: 'Barnard',
  lbn: 'LBN',
  ldn: 'LDN',
};
const LINES: readonly (readonly [Lines, string])[] = [
  ['constellations', 'Constellations'],
  ['grid', 'Grid'],
  ['ecliptic', 'Ecliptic'],
  ['equator', 'Equator'],
  ['galactic', 'Galactic plane'],
];

export interface LayerSwitch {
  layer: Layer;
  name: string;
  /** Objects that it has; undefined of lines. */
  count?: number;
}

export function kindOfObject(object: AstroObject): ObjectKind {
  return object.catalog === 'star' && object.type === undefined ? 'star' : kindOf(object.type);
}

const isOf = (object: AstroObject, layer: Layer): boolean =>
  kindOfObject(object) === layer || layerOf(object) === layer;

/** The switches of a picture, of which it has something. `lines` are those that cross it. */
export function switchesOf(objects: readonly AstroObject[], lines: ReadonlySet<Lines>): LayerSwitch[] {
  const counted = (entries: readonly (readonly [Layer, string])[]) =>
    entries.flatMap(([layer, name]): LayerSwitch[] => {
      const count = objects.filter((object) => isOf(object, layer)).length;
      return count === 0 ? [] : [{ layer, name, count }];
    });
  return [
    ...counted(KINDS),
    ...counted(CATALOGUES.map((catalogue) => [catalogue, NAMES[catalogue]] as const)),
    ...LINES.filter(([layer]) => lines.has(layer)).map(([layer, name]) => ({ layer, name })),
  ];
}

/** Whether an object is seen: its kind has to be shown, and its catalogue where that has a switch of its own. */
export function isShown(object: AstroObject, layers: ReadonlySet<Layer>): boolean {
  const catalogue = CATALOGUES.find((name) => name === layerOf(object));
  return layers.has(kindOfObject(object)) && (catalogue === undefined || layers.has(catalogue));
}

/** As in the drawn picture. */
export function colourOf(layer: Layer, name: PaletteName): string {
  const { kinds, grid, constellations } = paletteOf(name);
  if (layer === 'grid') return grid;
  if (layer === 'barnard' || layer === 'ldn') return kinds['dark-nebula'];
  if (layer === 'sharpless' || layer === 'lbn') return kinds.nebula;
  return layer in kinds ? kinds[layer as ObjectKind] : constellations;
}

const KEY = 'astro-jobs drawing';
const HIDDEN: readonly Layer[] = ['lbn', 'ldn', 'ecliptic', 'equator', 'galactic'];

/** What is drawn stays as it was chosen, from picture to picture. */
export interface DrawingChoice {
  hidden: Set<Layer>;
  palette: PaletteName;
}

export function storedChoice(): DrawingChoice {
  try {
    const { hidden, palette } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return {
      hidden: new Set<Layer>(hidden ?? HIDDEN),
      palette: palette === 'color-blind' ? palette : 'standard',
    };
  } catch {
    return { hidden: new Set(HIDDEN), palette: 'standard' };
  }
}

export function storeChoice({ hidden, palette }: DrawingChoice): void {
  localStorage.setItem(KEY, JSON.stringify({ hidden: [...hidden], palette }));
}
