// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
import type { PairChords } from './quad-code.js';

/**
 * Codes of "quads" of three or five stars, which some index files are of, as quad-code.ts has them of four. Which of A and B comes
 * first, and in which order the others, is left as it comes: who looks them up tries all names.
 */
export class SizedQuadCode {
  /** xC, yC, xD, yD, … */
  readonly code: Float64Array;
  /** Which of the directions are A, B, C, … */
  readonly members: Int32Array;
  /** Square of the chord AB. */
  chord2 = 0;

  constructor(starsPerQuad: 3 | 5) {
    this.code = new Float64Array(2 * (starsPerQuad - 2));
    this.members = new Int32Array(starsPerQuad);
  }

  /**
   * Finds A and B among directions; `members` and `chord2` are set, the code is not.
   * @param stars numbers of the directions; the first elements are read
   * @returns false when another star lies outside the circle over AB
   */
  nameAmong({ squares, stride }: PairChords, stars: Int32Array): boolean {
    const { members } = this;
    let [most, a, b] = [-1, 0, 1];
    for (let i = 1; i < members.length; i++) {
      for (let j = 0; j < i; j++) {
        const square = squares[stars[i]! * stride + stars[j]!]!;
        if (square > most) [most, a, b] = [square, j, i];
      }
    }
    members[0] = stars[a]!;
    members[1] = stars[b]!;
    let at = 2;
    for (let i = 0; i < members.length; i++) {
      if (i === a || i === b) continue;
      const star = stars[i]!;
      if (squares[star * stride + members[0]!]! + squares[star * stride + members[1]!]! > most) return false;
      members[at++] = star;
    }
    this.chord2 = most;
    return true;
  }

  /**
   * Reckons the code of the stars that `nameAmong` named.
   * @param vectors the directions that the chords are of
   */
  reckon(vectors: Float64Array): void {
    const { code, members } = this;
    const [a, b] = [members[0]!, members[1]!];
    const [ax, ay, az] = [vectors[3 * a]!, vectors[3 * a + 1]!, vectors[3 * a + 2]!];
    const [bx, by, bz] = [vectors[3 * b]!, vectors[3 * b + 1]!, vectors[3 * b + 2]!];
    // Along AB, towards the middle, and across, as in quad-code.ts.
    const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
    const [mx, my, mz] = [ax + bx, ay + by, az + bz];
    const [nx, ny, nz] = [my * uz - mz * uy, mz * ux - mx * uz, mx * uy - my * ux];
    const mm = 4 - this.chord2;
    const across = 1 / Math.sqrt(mm);
    for (let m = 2; m < members.length; m++) {
      const star = 3 * members[m]!;
      const [x, y, z] = [vectors[star]!, vectors[star + 1]!, vectors[star + 2]!];
      const w = mm / (2 * this.chord2 * (x * mx + y * my + z * mz));
      code[2 * m - 4] = 0.5 + (x * ux + y * uy + z * uz) * w;
      code[2 * m - 3] = (x * nx + y * ny + z * nz) * w * across;
    }
  }
}
