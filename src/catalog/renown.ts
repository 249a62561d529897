import type { CatalogRow } from './table.js';

/** Catalogues that an amateur knows by number. */
const NUMBERED = /^(NGC|IC) \d/;
const ATLAS = /^(Sh2-|B |Cr |Mel |ACO )\d/;
const DESIGNATION =
  /^(M|NGC|IC|C|Sh2|PN|PK|SNR|B|LDN|RCW|LBN|vdB|vdBH|Ced|Cr|Mel|ACO|Abell|UGC|UGCA|ESO|VV|Arp|PGC|DDO|3C|HD|HIP|WNC|Simeis|SMC|LMC)\b/;
const STAR_DESIGNATION =
  /^((\p{Script=Greek}|[A-Za-z]|\d+)[¹²³⁴⁵⁶⁷⁸⁹]*|[A-Z]{1,2}|V\d+) [A-Z][A-Za-z]{2}( [A-Z])?$/u;

/** Whether it is a name such as people give, not a number in a catalogue. */
export function isCommonName(name: string): boolean {
  return !DESIGNATION.test(name) && !STAR_DESIGNATION.test(name);
}

/**
 * How well known an object is by what has been written about it, 0 to 1: 1 in Messier's list, 0.8 with a name and in
 * Caldwell's, 0.7 with a name, 0.6 in Caldwell's, 0.35 in NGC or IC, 0.2 in another list that amateurs use, 0.05 in a survey; and
 * 0.03 for each further designation, up to 0.12.
 */
export function renown({ name, names = [] }: Pick<CatalogRow, 'name' | 'names'>): number {
  const all = new Set([name, ...names]);
  const designations = [...all].filter((text) => DESIGNATION.test(text));
  const further = 0.03 * Math.min(4, Math.max(0, designations.length - 1));
  return Math.min(1, base([...all]) + further);
}

function base(names: readonly string[]): number {
  const has = (pattern: RegExp) => names.some((text) => pattern.test(text));
  if (has(/^M \d/)) return 1;
  const named = names.some(isCommonName);
  if (has(/^C \d/)) return named ? 0.8 : 0.6;
  if (named) return 0.7;
  if (has(NUMBERED)) return 0.35;
  return has(ATLAS) ? 0.2 : 0.05;
}
