/*
 * Codes of quads (Lang et al. 2010, AJ 139, 1782, section 2.2). A and B are the two of four stars that are farthest apart. In the plane
 * that touches the sphere in the middle of the arc AB, with A at (0, 0) and B at (1, 0), the places of C and D are the quad's code: four
 * numbers that no shift, rotation or change of scale alters. C and D lie within the circle over AB. Of the four ways to name the same
 * stars one is canonical: xC + xD ≤ 1 names A and B, xC ≤ xD names C and D.
 */

/** Coordinates of a code lie within 0…1 (x) and −½…½ (y). */
export const CODE_LENGTH = 4;

/** Four directions of which the code is wanted; reused, so that nothing is allocated for a quad. */
export class QuadCode {
  /** xC, yC, xD, yD. */
  readonly code = new Float64Array(CODE_LENGTH);
  /** Which of the four given stars are A, B, C, D. */
  readonly members = new Int32Array(4);
  /** Square of the chord AB. */
  chord2 = 0;

  /**
   * Reckons the code of four of a list of unit vectors.
   * @param vectors x, y, z, one after another
   * @returns false when C or D lies outside the circle over AB, `code` and `members` are then undefined
   */
  of(vectors: Float64Array, i: number, j: number, k: number, l: number): boolean {
    let [a, b, c, d] = [i, j, k, l];
    let most = chord2(vectors, i, j);
    let here = chord2(vectors, i, k);
    if (here > most) [a, b, c, d, most] = [i, k, j, l, here];
    here = chord2(vectors, i, l);
    if (here > most) [a, b, c, d, most] = [i, l, j, k, here];
    here = chord2(vectors, j, k);
    if (here > most) [a, b, c, d, most] = [j, k, i, l, here];
    here = chord2(vectors, j, l);
    if (here > most) [a, b, c, d, most] = [j, l, i, k, here];
    here = chord2(vectors, k, l);
    if (here > most) [a, b, c, d, most] = [k, l, i, j, here];
    this.chord2 = most;
    return this.#ofNamed(vectors, a, b, c, d);
  }

  #ofNamed(vectors: Float64Array, a: number, b: number, c: number, d: number): boolean {
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
    if (!(xc * (1 - xc) >= yc * yc && xd * (1 - xd) >= yd * yd)) return false;
    if (xc + xd > 1) {
      [a, b] = [b, a];
      [xc, yc, xd, yd] = [1 - xc, -yc, 1 - xd, -yd];
    }
    if (xc > xd) {
      [c, d] = [d, c];
      [xc, yc, xd, yd] = [xd, yd, xc, yc];
    }
    const { code, members } = this;
    code[0] = xc;
    code[1] = yc;
    code[2] = xd;
    code[3] = yd;
    members[0] = a;
    members[1] = b;
    members[2] = c;
    members[3] = d;
    return true;
  }
}

function chord2(vectors: Float64Array, i: number, j: number): number {
  const dx = vectors[3 * i]! - vectors[3 * j]!;
  const dy = vectors[3 * i + 1]! - vectors[3 * j + 1]!;
  const dz = vectors[3 * i + 2]! - vectors[3 * j + 2]!;
  return dx * dx + dy * dy + dz * dz;
}
