// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
import { fieldAt, type Trace, type Turned } from './ridge-traces.js';
import { select } from './select.js';

/** Half of the width that a line may have, and the width of the bins of its profile, pixels. */
export const HALF_PX = 5;
const BIN_PX = 0.25;
const BINS = 2 * Math.round(HALF_PX / BIN_PX) + 1;
const FEWEST = 3;
/** What so much of a line does not exceed is its own light; the rest are stars and crossings. */
const OWN = 0.7;

/** Light by the distance across from a line's middle, above the background. */
export type Profile = (off: number) => number;

/** The profile of a part of a line. */
export function profileOf(way: Turned, { from, centre }: Trace, begin: number, end: number): Profile {
  const { plane, mesh, across, stepU, stepV } = way;
  const values: number[][] = Array.from({ length: BINS }, () => []);
  const offs = new Float64Array(BINS);
  // A line lies inside the plane, and no pixel is farther from its middle than HALF_PX.
  for (let i = begin; i < end; i++) {
    const [u, middle] = [from + i, centre[i]!];
    const level = fieldAt(way, mesh.level, u, middle);
    const last = Math.min(across - 1, Math.floor(middle + HALF_PX));
    for (let v = Math.max(0, Math.ceil(middle - HALF_PX)); v <= last; v++) {
      const bin = Math.round((v - middle + HALF_PX) / BIN_PX);
      values[bin]!.push(plane[u * stepU + v * stepV]! - level);
      offs[bin]! += v - middle;
    }
  }
  const noise = fieldAt(way, mesh.noise, from + begin, centre[begin]!);
  const known = values.flatMap((bin, i) => {
    if (bin.length < FEWEST) return [];
    const light = select(Float32Array.from(bin), bin.length, Math.floor(OWN * (bin.length - 1)));
    return [{ off: offs[i]! / bin.length, light }];
  });
  return between(upright(known, noise));
}

interface Known {
  off: number;
  light: number;
}

/** From the middle outwards as far as there is light of the line: what is beyond is something beside it. */
function upright(known: readonly Known[], noise: number): Known[] {
  const isLit = ({ light }: Known) => light > noise;
  const right = known.findIndex((point) => point.off > 0 && !isLit(point));
  const left = known.findLastIndex((point) => point.off < 0 && !isLit(point));
  return known
    .slice(Math.max(left, 0), right < 0 ? undefined : right + 1)
    .map((point) => (isLit(point) ? point : { ...point, light: 0 }));
}

/** Linear between the known places, nothing beyond. */
function between(known: readonly Known[]): Profile {
  return (off) => {
    const next = known.findIndex((point) => point.off >= off);
    const [a, b] = [known[next - 1], known[next]];
    if (!a || !b) return 0;
    return a.light + ((off - a.off) / (b.off - a.off)) * (b.light - a.light);
  };
}
