/** What a person may want to list or draw apart from the rest. */
export const OBJECT_KINDS = [
  'star',
  'galaxy',
  'cluster',
  'nebula',
  'dark-nebula',
  'solar-system',
  'asteroid',
  'comet',
  'satellite',
  'other',
] as const;
/** A kind of objects: a name of `OBJECT_KINDS`. */
export type ObjectKind = (typeof OBJECT_KINDS)[number];

const KIND_OF_TYPE: Readonly<Record<string, ObjectKind>> = {
  star: 'star',
  'double star': 'star',
  galaxy: 'galaxy',
  'galaxy cluster': 'galaxy',
  'open cluster': 'cluster',
  'globular cluster': 'cluster',
  'star cloud': 'cluster',
  asterism: 'cluster',
  nebula: 'nebula',
  'emission nebula': 'nebula',
  'reflection nebula': 'nebula',
  'planetary nebula': 'nebula',
  'supernova remnant': 'nebula',
  'dark nebula': 'dark-nebula',
  sun: 'solar-system',
  moon: 'solar-system',
  planet: 'solar-system',
  'dwarf planet': 'solar-system',
  asteroid: 'asteroid',
  comet: 'comet',
  satellite: 'satellite',
};

/** What moved while the picture was exposed, and is known from files of elements. */
export const MOVING_KINDS: ReadonlySet<ObjectKind> = new Set(['asteroid', 'comet', 'satellite']);

/** The kind of an object by its `type`; `other` for a type (or none) that the built-in catalogue does not use. */
export function kindOf(type: string | undefined): ObjectKind {
  return KIND_OF_TYPE[type ?? ''] ?? 'other';
}
