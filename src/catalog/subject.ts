import type { AstroObject, Subject } from '../job/astrometry.js';
import type { Candidate, Picture } from './candidates.js';
import { constellationAt, constellationName } from './constellation.js';
import { type ConstellationShare, constellationsInField } from './constellations-in-field.js';
import type { Share } from './coverage.js';
import type { Frame } from './frame.js';
import { kindOf } from './kinds.js';
import { isCommonName } from './renown.js';

/** With nothing more prominent than this a picture is one of the stars of its constellation. */
const NOTHING_KNOWN = 0.1;

/**
 * What a person would say that the picture shows: the most prominent object, or the constellation where that is more prominent
 * (in a wide field) or where there is no object that people know.
 */
export function subjectOf({ frame, wcs }: Picture, candidates: readonly Candidate[]): Subject {
  const [first] = candidates.toSorted((a, b) => b.object.prominence - a.object.prominence);
  const [constellation] = constellationsInField(frame, wcs);
  const known = first && first.object.prominence > NOTHING_KNOWN ? first : undefined;
  if (constellation && constellation.prominence > (known?.object.prominence ?? 0))
    return ofConstellation(constellation, frame);
  if (known) return ofObject(known);
  const symbol = constellationAt(...frame.center);
  return {
    ...constellationLike(symbol, constellationName(...frame.center)),
    why: 'Its centre lies in this constellation, and no object that people know stands out.',
  };
}

function constellationLike(symbol: string, name: string) {
  return { name, catalog: 'constellation', id: symbol, type: 'constellation' };
}

function ofConstellation({ symbol, name, share }: ConstellationShare, { width_deg }: Frame): Subject {
  return {
    ...constellationLike(symbol, name),
    why: `A wide field of ${Math.round(width_deg)}°, with ${percent(share)} of the light of the constellation's bright stars.`,
  };
}

function ofObject({ object, share }: Candidate): Subject {
  const { catalog, id, type, names = [] } = object;
  const point = kindOf(type) === 'solar-system' || catalog === 'star';
  const name = point ? object.name : (names.find((text) => !isCommonName(text)) ?? object.name);
  const common = point ? undefined : names.find(isCommonName);
  return {
    name,
    ...(common !== undefined && common !== name && { common_name: common }),
    ...(catalog !== undefined && { catalog }),
    ...(id !== undefined && { id }),
    ...(type !== undefined && { type }),
    why: `The most prominent object of the picture: ${reasons(object, share, common)}.`,
  };
}

function reasons(
  { names = [], magnitude, type }: AstroObject,
  share: Share,
  common: string | undefined,
): string {
  const listed = (['M', 'C'] as const).find((list) => names.some((text) => text.startsWith(`${list} `)));
  const said = [
    listed === 'M' && "in Messier's list",
    listed === 'C' && "in Caldwell's list",
    common !== undefined && listed === undefined && 'it has a name of its own',
    share.ofPicture >= 0.01 && `it covers ${percent(share.ofPicture)} of the picture`,
    share.ofObject < 0.9 && `${percent(share.ofObject)} of it is in the picture`,
    magnitude !== undefined && `magnitude ${magnitude}`,
  ].filter((reason) => reason !== false);
  return said.length > 0 ? said.join(', ') : (type ?? 'nothing else is known here');
}

function percent(share: number): string {
  return `${Math.max(1, Math.round(100 * share))} %`;
}
