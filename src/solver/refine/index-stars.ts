// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { open } from 'node:fs/promises';
import { type FitsHdu, openFits } from '../../fits/hdu.js';
import { RecentMap } from '../../recent-map.js';
import { DEG, normalizeRa, RAD } from '../../wcs/sphere.js';

/** Stars of an index file: J2000 degrees, and their numbers in the file. */
export interface IndexStars {
  ra_deg: Float64Array;
  dec_deg: Float64Array;
  id: Int32Array;
}

/**
 * The tree of stars in one index file: unit vectors, each coordinate as a 32-bit count of `step` from `low`, ordered so that
 * what is close on the sky is close in the file. Node k has the children 2k + 1 and 2k + 2; a node's split holds its
 * dimension in the last two bits.
 */
interface StarTree {
  path: string;
  dataOffset: number;
  stars: number;
  low: readonly [number, number, number];
  step: number;
  splits: Uint32Array;
  /** Number of the last star of each leaf. */
  lasts: Uint32Array;
}

const STAR_BYTES = 12;
/** The bits of a split that hold its axis. */
const AXIS_BITS = 3;
/** Trees never change while they are installed; the largest has some 2 MB of splits and leaves. Shared by this process. */
const trees = new RecentMap<string, Promise<StarTree | undefined>>(32);

/**
 * The stars of an index file within `radius_deg` of a place. Undefined when its tree is of another build than solve-field's own
 * index files are.
 */
export async function indexStarsNear(
  path: string,
  ra_deg: number,
  dec_deg: number,
  radius_deg: number,
): Promise<IndexStars | undefined> {
  const tree = await trees.getOrMake(path, () => readTree(path).catch(() => undefined));
  return tree && starsNear(tree, ra_deg, dec_deg, radius_deg);
}

async function readTree(path: string): Promise<StarTree | undefined> {
  const file = await openFits(path);
  try {
    const units = new Map<string, FitsHdu>();
    for await (const hdu of file.hdus()) units.set(hdu.header.string('TTYPE1') ?? hdu.type, hdu);
    const [head, splits, lasts, range, data] = ['header', 'split', 'lr', 'range', 'data'].map((part) =>
      units.get(`kdtree_${part}_stars`),
    );
    if (!head || !splits || !lasts || !range || !data || units.has('kdtree_splitdim_stars')) return undefined;
    const isUsual =
      head.header.string('ENDIAN') === '04:03:02:01' &&
      head.header.string('KDT_INT') === 'u32' &&
      head.header.string('KDT_DATA') === 'u32' &&
      head.header.number('KDT_NDIM') === 3 &&
      range.dataBytes === 7 * 8;
    if (!isUsual) return undefined;
    const bytesOf = async (hdu: FitsHdu): Promise<ArrayBuffer> => {
      file.requireData(hdu);
      const bytes = new Uint8Array(hdu.dataBytes);
      await file.readData(hdu, bytes, 0);
      return bytes.buffer;
    };
    const [low0, low1, low2, , , , steps] = new Float64Array(await bytesOf(range));
    return {
      path,
      dataOffset: data.dataOffset,
      stars: data.dataBytes / STAR_BYTES,
      low: [low0!, low1!, low2!],
      step: 1 / steps!,
      splits: new Uint32Array(await bytesOf(splits)),
      lasts: new Uint32Array(await bytesOf(lasts)),
    };
  } finally {
    await file.close();
  }
}

async function starsNear(
  tree: StarTree,
  ra_deg: number,
  dec_deg: number,
  radius_deg: number,
): Promise<IndexStars> {
  const [ra, dec] = [ra_deg * RAD, dec_deg * RAD];
  const centre = [Math.cos(dec) * Math.cos(ra), Math.cos(dec) * Math.sin(ra), Math.sin(dec)] as const;
  const radius = Math.min(radius_deg, 180) * RAD;
  const found = { ra: [] as number[], dec: [] as number[], id: [] as number[] };
  const cosRadius = Math.cos(radius);
  const { low, step } = tree;
  const file = await open(tree.path, 'r');
  try {
    for (const [from, to] of rangesNear(tree, centre, 2 * Math.sin(radius / 2))) {
      const values = new Uint32Array(3 * (to - from));
      await file.read(
        new Uint8Array(values.buffer),
        0,
        values.byteLength,
        tree.dataOffset + STAR_BYTES * from,
      );
      for (let i = 0; i < to - from; i++) {
        const x = low[0] + step * values[3 * i]!;
        const y = low[1] + step * values[3 * i + 1]!;
        const z = low[2] + step * values[3 * i + 2]!;
        if (x * centre[0] + y * centre[1] + z * centre[2] < cosRadius) continue;
        found.ra.push(normalizeRa(Math.atan2(y, x) * DEG));
        found.dec.push(Math.atan2(z, Math.hypot(x, y)) * DEG);
        found.id.push(from + i);
      }
    }
  } finally {
    await file.close();
  }
  return {
    ra_deg: Float64Array.from(found.ra),
    dec_deg: Float64Array.from(found.dec),
    id: Int32Array.from(found.id),
  };
}

/** Runs of stars, [from, to), whose boxes come within `chord` of the centre along every axis. */
function rangesNear(
  { splits, lasts, low, step, stars }: StarTree,
  centre: readonly [number, number, number],
  chord: number,
): [number, number][] {
  const bounds = centre.map((at, axis) => [
    (at - chord - low[axis]!) / step,
    (at + chord - low[axis]!) / step,
  ]);
  const ranges: [number, number][] = [];
  const visit = (node: number): void => {
    if (node >= splits.length) {
      const leaf = node - splits.length;
      const from = leaf === 0 ? 0 : lasts[leaf - 1]! + 1;
      const to = Math.min(lasts[leaf]! + 1, stars);
      const before = ranges.at(-1);
      if (before?.[1] === from) before[1] = to;
      else if (from < to) ranges.push([from, to]);
      return;
    }
    const split = splits[node]!;
    const [least, most] = bounds[split & AXIS_BITS]!;
    // The axis stands in bits of the value, which is therefore known to a few units only.
    if (least! <= split + AXIS_BITS) visit(2 * node + 1);
    if (most! >= split - AXIS_BITS) visit(2 * node + 2);
  };
  visit(0);
  return ranges;
}
