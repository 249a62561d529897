import { kindOf, MOVING_KINDS } from '../catalog/kinds.js';
import { isCommonName } from '../catalog/renown.js';
import type { AstroObject, Subject } from '../job/astrometry.js';

/** What is written beside an object: `M 42` and below it `Orion Nebula`. */
export interface ObjectName {
  title: string;
  detail?: string;
}

/** Designations in the order in which people use them. */
const DEEP_SKY = [/^M \d/, /^(NGC|IC) \d/, /^C \d/, /^(Sh2-|B |Mel |Cr |vdB |Abell )\d/, /^(RCW|LBN|LDN) \d/];
const BAYER = /^\p{Script=Greek}/u;
const FLAMSTEED = /^\d+ [A-Z]/;

/** An object's name as people write it: stars by name, then Bayer, Flamsteed, HD; the deep sky by number and common name. */
export function nameOf({ name, names = [], type, catalog, magnitude, motion }: AstroObject): ObjectName {
  const all = [...new Set([name, ...names])];
  const kind = kindOf(type);
  if (kind === 'solar-system') return { title: name };
  if (MOVING_KINDS.has(kind)) return { title: name, ...movingDetail({ magnitude, motion }) };
  if (kind === 'star' || catalog === 'star') {
    const [first = name] = [isCommonName, ...[BAYER, FLAMSTEED, /^HD /].map(tester)].flatMap(
      (suits) => all.find(suits) ?? [],
    );
    return { title: first };
  }
  const common = all.find(isCommonName);
  const [designation] = DEEP_SKY.flatMap((pattern) => all.find(tester(pattern)) ?? []);
  if (designation === undefined) return { title: name };
  return common === undefined ? { title: designation } : { title: designation, detail: common };
}

/** Brightness and speed: `14.2 mag · 35″/h`, of a satellite `0.6°/s`. */
function movingDetail({ magnitude, motion }: Pick<AstroObject, 'magnitude' | 'motion'>): { detail?: string } {
  const told = [
    magnitude !== undefined && `${magnitude.toFixed(1)} mag`,
    motion && speedOf(motion.arcsec_per_hour),
  ].filter((part) => typeof part === 'string');
  return told.length > 0 ? { detail: told.join(' · ') } : {};
}

function speedOf(arcsec_per_hour: number): string {
  const degreesPerSecond = arcsec_per_hour / 3600 / 3600;
  if (degreesPerSecond >= 0.01) return `${degreesPerSecond.toFixed(2)}°/s`;
  if (arcsec_per_hour >= 3600) return `${(arcsec_per_hour / 3600).toFixed(1)}″/s`;
  return `${arcsec_per_hour.toFixed(arcsec_per_hour < 10 ? 1 : 0)}″/h`;
}

/** The same in one line: `M 42 Orion Nebula`. */
export function lineOf({ title, detail }: ObjectName): string {
  return detail === undefined ? title : `${title} ${detail}`;
}

const tester = (pattern: RegExp) => (text: string) => pattern.test(text);

/** Whether an object is the one that the picture shows. */
export function isSubject(object: AstroObject, subject: Subject | undefined): boolean {
  if (!subject || subject.catalog === 'constellation') return false;
  if (subject.id !== undefined) return object.id === subject.id && object.catalog === subject.catalog;
  return object.name === subject.name;
}
