import { readTable } from './tables.mjs';

const SUPERSCRIPT = { 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };

const nicknames = readTable('star-nicknames.tsv');
const demoted = new Set(nicknames.filter(([, hip]) => !hip).map(([name]) => name));
const wrong = new Set(nicknames.filter(([, hip]) => hip).map(([name, hip]) => `${hip} ${name}`));

/** Every name of a star, the one that people use first. */
function namesOf(hip, entry, own) {
  if (own) return [...own, `HIP ${hip}`];
  const names = [];
  const { bayer, flam, var: variable, c, hd } = entry ?? {};
  const name = wrong.has(`${hip} ${entry?.name}`) ? '' : entry?.name;
  if (name && !demoted.has(name)) names.push(name);
  if (c && bayer && !/undefined/.test(bayer))
    names.push(`${bayer.replace(/\d/g, (digit) => SUPERSCRIPT[digit])} ${c}`);
  if (c && flam) names.push(`${flam} ${c}`);
  if (c && /^[A-Z]{1,2}$/.test(variable)) names.push(`${variable} ${c}`);
  if (hd) names.push(hd);
  if (c && /^V\d+$/.test(variable)) names.push(`${variable.replace(/^V0+/, 'V')} ${c}`);
  if (name && demoted.has(name)) names.push(name);
  names.push(`HIP ${hip}`);
  // The source has no-break spaces in places.
  return [...new Set(names.map((text) => text.replace(/\s+/g, ' ')))];
}

/** Stars of the bright list, and the fainter ones that have a name. */
export function readStars(bright, faint, starnames) {
  const overrides = new Map(
    readTable('stars.tsv').map(([hip, ...names]) => [Number(hip), names.filter((name) => name !== '')]),
  );
  const seen = new Set(bright.map((feature) => feature.id));
  const named = faint.filter(
    (feature) => !seen.has(feature.id) && (starnames[feature.id]?.name || overrides.has(feature.id)),
  );
  const motions = new Map(
    readTable('proper-motions.tsv').map(([hip, ...motion]) => [Number(hip), motion.map(Number)]),
  );
  return [...bright, ...named]
    .map((feature) => ({
      hip: feature.id,
      ra: (feature.geometry.coordinates[0] + 360) % 360,
      dec: feature.geometry.coordinates[1],
      mag: feature.properties.mag,
      names: namesOf(feature.id, starnames[feature.id], overrides.get(feature.id)),
      motion: motions.get(feature.id),
    }))
    .sort((a, b) => a.hip - b.hip);
}
