import { openIndexFile } from '../../src/engine/index-file/index-file.js';
import { openFileBytes } from '../../src/solver/builtin/file-bytes.js';

export interface RawStar {
  /** Degrees, J2000. */
  ra_deg: number;
  dec_deg: number;
  magnitude: number;
}

const DEG = 180 / Math.PI;
/** Two entries closer than this, arcseconds, are one star: catalogues differ by proper motion and by blends. */
const SAME_STAR_ARCSEC = 20;

/** All stars of an index file with their magnitudes. */
export function readIndexStars(path: string): RawStar[] {
  const bytes = openFileBytes(path);
  const index = openIndexFile(bytes);
  const stars: RawStar[] = [];
  const place: number[] = [];
  for (let i = 0; i < index.metadata.stars; i++) {
    index.starPosition(i, place);
    const [x = 0, y = 0, z = 0] = place;
    const ra_deg = (Math.atan2(y, x) * DEG + 360) % 360;
    const magnitude = index.magnitude(i);
    if (Number.isFinite(magnitude)) stars.push({ ra_deg, dec_deg: Math.asin(z) * DEG, magnitude });
  }
  index.close();
  bytes.close();
  return stars;
}

/**
 * The stars of the index files, each once, and those of the catalogue that stand near none of them: the brightest, which Tycho-2
 * lacks. Brightest first.
 */
export function withoutDoubles(indexed: readonly RawStar[], catalogued: readonly RawStar[]): RawStar[] {
  const kept: RawStar[] = [];
  const seen = new Set<string>();
  const cells = new Map<string, RawStar[]>();
  const cellOf = (ra: number, dec: number) => `${Math.floor(ra * 20)} ${Math.floor(dec * 20)}`;
  for (const star of indexed) {
    const key = `${star.ra_deg.toFixed(5)} ${star.dec_deg.toFixed(5)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(star);
    const cell = cellOf(star.ra_deg, star.dec_deg);
    const there = cells.get(cell);
    if (there) there.push(star);
    else cells.set(cell, [star]);
  }
  for (const star of catalogued) {
    let known = false;
    const reach = 0.05 / Math.max(0.05, Math.cos(star.dec_deg / DEG));
    for (let ra = star.ra_deg - reach; ra <= star.ra_deg + reach; ra += 0.05) {
      for (const dec of [star.dec_deg - 0.05, star.dec_deg, star.dec_deg + 0.05]) {
        for (const other of cells.get(cellOf((ra + 360) % 360, dec)) ?? []) {
          // A faint star beside a bright one is not the bright one.
          if (other.magnitude < star.magnitude + 2 && arcsecBetween(star, other) < SAME_STAR_ARCSEC)
            known = true;
        }
      }
    }
    if (!known) kept.push(star);
  }
  return kept.sort((a, b) => a.magnitude - b.magnitude || a.ra_deg - b.ra_deg || a.dec_deg - b.dec_deg);
}

function arcsecBetween(a: RawStar, b: RawStar): number {
  const dx = (((a.ra_deg - b.ra_deg + 540) % 360) - 180) * Math.cos(a.dec_deg / DEG);
  return Math.hypot(dx, a.dec_deg - b.dec_deg) * 3600;
}
