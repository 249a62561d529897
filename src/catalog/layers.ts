import { kindOf, MOVING_KINDS } from './kinds.js';

/** Objects that are drawn or left out together: by what they are, then by the catalogue in which people look them up. */
export const OBJECT_LAYERS = [
  'solar-system',
  'moving',
  'stars',
  'messier',
  'ngc',
  'sharpless',
  'barnard',
  'lbn',
  'ldn',
  'deep-sky',
  'other',
] as const;
export type ObjectLayer = (typeof OBJECT_LAYERS)[number];

/** The first of an object's designations that is in one of these lists decides. */
const LISTS: readonly (readonly [ObjectLayer, RegExp])[] = [
  ['messier', /^M \d/],
  ['ngc', /^(NGC|IC) \d/],
  ['sharpless', /^Sh ?2-\d/],
  ['barnard', /^B \d/],
  ['lbn', /^LBN \d/],
  ['ldn', /^LDN \d/],
];

interface Designated {
  name: string;
  names?: readonly string[] | undefined;
  type?: string | undefined;
  catalog?: string | undefined;
}

/** The layer of an object; `deep-sky` is every other catalogue, `other` what has a type of its own. */
export function layerOf({ name, names = [], type, catalog }: Designated): ObjectLayer {
  const kind = kindOf(type);
  if (kind === 'solar-system') return 'solar-system';
  if (MOVING_KINDS.has(kind)) return 'moving';
  if (kind === 'star' || (catalog === 'star' && type === undefined)) return 'stars';
  const all = [name, ...names];
  const listed = LISTS.find(([, pattern]) => all.some((text) => pattern.test(text)));
  if (listed) return listed[0];
  return kind === 'other' ? 'other' : 'deep-sky';
}
