// biome-ignore-all lint/style/noNonNullAssertion: indices come from loops over the very arrays, or from counts kept beside them.
/*
 * Codes of quads (Lang et al. 2010, AJ 139, 1782, section 2.2). A and B are the two of four stars that are farthest apart. In the plane
 * that touches the sphere in the middle of the arc AB, with A at (0, 0) and B at (1, 0), the places of C and D are the quad's code: four
 * numbers that no shift, rotation or change of scale alters. C and D lie within the circle over AB. Of the four ways to name the same
 * stars one is canonical: xC + xD ≤ 1 names A and B, xC ≤ xD names C and D.
 */

/** Coordinates of a code lie within 0…1 (x) and −½…½ (y). */
export const CODE_LENGTH = 4;

/** Squares of the chords between all pairs of a few directions: most quads are told by them alone. */
export class PairChords {
  readonly squares: Float64Array;
  readonly stride: number;
  #measured = 0;

  /** @param most directions */
  constructor(most: number) {
    this.stride = most;
    this.squares = new Float64Array(most * most);
  }

  /** Forgets what was measured: other directions follow. */
  clear(): void {
    this.#measured = 0;
  }

  /**
   * Measures the pairs of the first directions that are not measured yet.
   * @param vectors unit vectors x, y, z, one after another; at least `count` of them
   */
  measure(vectors: Float64Array, count: number): void {
    const { squares, stride } = this;
    for (let i = this.#measured; i < count; i++) {
      const [x, y, z] = [vectors[3 * i]!, vectors[3 * i + 1]!, vectors[3 * i + 2]!];
      for (let j = 0; j < i; j++) {
        const [dx, dy, dz] = [vectors[3 * j]! - x, vectors[3 * j + 1]! - y, vectors[3 * j + 2]! - z];
        const square = dx * dx + dy * dy + dz * dz;
        squares[i * stride + j] = square;
        squares[j * stride + i] = square;
      }
    }
    this.#measured = Math.max(this.#measured, count);
  }
}

/** Four directions of which the code is wanted; reused, so that nothing is allocated for a quad. */
export class QuadCode {
  /** xC, yC, xD, yD. */
  readonly code = new Float64Array(CODE_LENGTH);
  /** Which of the directions are A, B, C, D. */
  readonly members = new Int32Array(4);
  /** Square of the chord AB. */
  chord2 = 0;

  /**
   * Finds A and B among four directions; `members` and `chord2` are set, the code is not.
   * @returns false when C or D lies outside the circle over AB
   */
  name({ squares, stride }: PairChords, i: number, j: number, k: number, l: number): boolean {
    const ij = squares[i * stride + j]!;
    const ik = squares[i * stride + k]!;
    const il = squares[i * stride + l]!;
    const jk = squares[j * stride + k]!;
    const jl = squares[j * stride + l]!;
    const kl = squares[k * stride + l]!;
    const most = Math.max(ij, ik, il, jk, jl, kl);
    // On the plane it is the circle that all directions within AB/2 of the middle of AB make: C·(A + B) ≥ |A + B|²/2, in chords CA² + CB² ≤ AB².
    if (most === ij) {
      if (ik + jk > most || il + jl > most) return false;
      this.#named(i, j, k, l);
    } else if (most === ik) {
      if (ij + jk > most || il + kl > most) return false;
      this.#named(i, k, j, l);
    } else if (most === il) {
      if (ij + jl > most || ik + kl > most) return false;
      this.#named(i, l, j, k);
    } else if (most === jk) {
      if (ij + ik > most || jl + kl > most) return false;
      this.#named(j, k, i, l);
    } else if (most === jl) {
      if (ij + il > most || jk + kl > most) return false;
      this.#named(j, l, i, k);
    } else {
      if (ik + il > most || jk + jl > most) return false;
      this.#named(k, l, i, j);
    }
    this.chord2 = most;
    return true;
  }

  /** `name` for the first four of a list. */
  nameAmong(chords: PairChords, stars: Int32Array): boolean {
    return this.name(chords, stars[0]!, stars[1]!, stars[2]!, stars[3]!);
  }

  #named(a: number, b: number, c: number, d: number): void {
    const { members } = this;
    members[0] = a;
    members[1] = b;
    members[2] = c;
    members[3] = d;
  }

  /**
   * Reckons the code of the four that `name` named, and brings `members` into canonical order.
   * @param vectors the directions that the chords are of
   */
  reckon(vectors: Float64Array): void {
    const { code, members } = this;
    let [a, b, c, d] = [members[0]!, members[1]!, members[2]!, members[3]!];
    const [ax, ay, az] = [vectors[3 * a]!, vectors[3 * a + 1]!, vectors[3 * a + 2]!];
    const [bx, by, bz] = [vectors[3 * b]!, vectors[3 * b + 1]!, vectors[3 * b + 2]!];
    // Along AB, and towards the middle; at right angles, since both ends are unit vectors.
    const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
    const [mx, my, mz] = [ax + bx, ay + by, az + bz];
    const uu = this.chord2;
    const mm = 4 - uu;
    const [nx, ny, nz] = [my * uz - mz * uy, mz * ux - mx * uz, mx * uy - my * ux];
    const [cx, cy, cz] = [vectors[3 * c]!, vectors[3 * c + 1]!, vectors[3 * c + 2]!];
    const [dx, dy, dz] = [vectors[3 * d]!, vectors[3 * d + 1]!, vectors[3 * d + 2]!];
    // On the plane AB is 2·|u| / |m| long: (v·u / |u|) / (v·m / |m|) / (2·|u| / |m|) = v·u·mm / (2·uu·v·m).
    const wc = mm / (2 * uu * (cx * mx + cy * my + cz * mz));
    const wd = mm / (2 * uu * (dx * mx + dy * my + dz * mz));
    const across = 1 / Math.sqrt(mm);
    let xc = 0.5 + (cx * ux + cy * uy + cz * uz) * wc;
    let yc = (cx * nx + cy * ny + cz * nz) * wc * across;
    let xd = 0.5 + (dx * ux + dy * uy + dz * uz) * wd;
    let yd = (dx * nx + dy * ny + dz * nz) * wd * across;
    if (xc + xd > 1) {
      [a, b] = [b, a];
      [xc, yc, xd, yd] = [1 - xc, -yc, 1 - xd, -yd];
    }
    if (xc > xd) {
      [c, d] = [d, c];
      [xc, yc, xd, yd] = [xd, yd, xc, yc];
    }
    code[0] = xc;
    code[1] = yc;
    code[2] = xd;
    code[3] = yd;
    members[0] = a;
    members[1] = b;
    members[2] = c;
    members[3] = d;
  }
}
