import { type Advice, adviseOn } from './advice.js';
import { hasApt } from './apt.js';
import { type FieldOptions, type KnownField, knowField } from './field.js';
import { type Inventory, takeInventory } from './inventory.js';
import { adviceWords, unknownWords } from './words.js';

/** What is known of the field, and what it needs; `verdict: unknown` where its width is not known. */
type Recommendation = KnownField &
  Pick<Inventory, 'covered'> &
  (Advice | { verdict: 'unknown'; series: []; install: [] });

/**
 * What a field needs of stars, for programs and for people.
 * @param dirs folders of index files, instead of those of ASTRO_INDEX_DIRS
 * @throws what `knowField` throws
 */
export async function recommend(
  options: FieldOptions,
  dirs?: readonly string[],
): Promise<{ document: Recommendation; words: string }> {
  const { image, scale, width, fov } = options;
  const field = await knowField({ image, scale, width, fov });
  const inventory = await takeInventory(dirs);
  const { covered } = inventory;
  const [best] = field.estimates;
  if (!best)
    return {
      document: { ...field, covered, verdict: 'unknown', series: [], install: [] },
      words: unknownWords(field, inventory),
    };
  const advice = adviseOn(best, inventory, { position: field.position, apt: await hasApt() });
  return { document: { ...field, covered, ...advice }, words: adviceWords(field, advice) };
}
