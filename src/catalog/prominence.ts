import type { Share } from './coverage.js';
import { kindOf, MOVING_KINDS, type ObjectKind } from './kinds.js';
import { isCommonName, renown } from './renown.js';
import type { CatalogRow } from './table.js';

/** How an object lies in the picture. */
export interface Placement {
  share: Share;
  /** Whether its centre is in the picture. */
  centred: boolean;
  /** From the middle of the picture to the object (to the edge of an extended one), in half diagonals. */
  distance: number;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Brings any sum of evidence into 0 to 1. */
export function logistic(evidence: number): number {
  return 1 / (1 + Math.exp(-evidence));
}

/**
 * How much an object stands out in a picture, 0 to 1: the logistic function of a weighted sum of its renown, the share of the
 * picture that it covers, the share of itself that is in the picture, its brightness and its place. The weights are fitted
 * to what people say of well-known frames (test/catalog/subjects.tsv, those marked `tune`); docs/result.md has the formula.
 */
export function prominence(row: CatalogRow, { share, centred, distance }: Placement): number {
  const place = -2.2 * clamp(distance, 0, 1.2) ** 2 - (centred ? 0 : 0.6);
  return logistic(ofItself(row, share) + place);
}

function ofItself(row: CatalogRow, share: Share): number {
  const kind = kindOf(row.type);
  if (kind === 'solar-system') return 5.6 - 0.3 * clamp((row.magnitude ?? 0) + 4, 0, 20);
  if (MOVING_KINDS.has(kind)) return ofMoving(row, kind);
  if (kind === 'star' && row.size_arcmin === undefined) return ofStar(row);
  const size = Math.log10(clamp(Math.sqrt(share.ofPicture), 0.003, 0.8) / 0.8);
  const whole = Math.log10(clamp(share.ofObject, 0.025, 1));
  const brightness = row.magnitude === undefined ? 0.5 : clamp((14 - row.magnitude) / 10, 0, 1);
  return -0.2 + 6 * renown(row) + 2.8 * size + 2.5 * whole + 1.2 * (brightness - 0.5);
}

function ofStar({ name, magnitude = 12 }: CatalogRow): number {
  return (isCommonName(name) ? 3.7 : 3) - 0.75 * clamp(magnitude, -1.5, 12);
}

/** A bright comet is what its picture shows; an asteroid is a star among others, and a satellite went by. */
function ofMoving({ magnitude = 12 }: CatalogRow, kind: ObjectKind): number {
  if (kind === 'satellite') return -3;
  const bright = clamp(magnitude, -1.5, 14);
  return kind === 'comet' ? 5.5 - 0.6 * bright : 3 - 0.75 * bright;
}
