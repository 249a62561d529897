// biome-ignore-all lint/style/noNonNullAssertion: the comments at the loops say why each index is in bounds.
type Vector = [x: number, y: number, z: number];

/**
 * The code of a quad, as astrometry.net stores it (Lang et al. 2010, AJ 139, 1782, section 2.1): in the tangent plane about the
 * middle of A and B, with p along AB and q across it, both in units of |AB| and from A on, a star has the code (p + q, p − q).
 * So A is (0, 0) and B is (1, 1).
 *
 * Seen from inside the sphere, q grows to the left of AB where east is right and north is up, that is in a mirrored image.
 * Index files hold each quad once: first coordinates ascending, their mean at most ½.
 *
 * @param positions unit vectors x, y, z of A, B, C, … (J2000), three to five stars.
 * @param out two numbers for each star from C on; not finite where a star lies 90° or more from the middle.
 */
export function codeOf(positions: ArrayLike<number>, out: { [axis: number]: number }): void {
  const [ax, ay, az] = unitVector(positions, 0);
  const [bx, by, bz] = unitVector(positions, 1);
  const [mx, my, mz] = scaled(ax + bx, ay + by, az + bz);
  // A and B are equally long, and so their difference lies in the tangent plane.
  const [px, py, pz] = scaled(bx - ax, by - ay, bz - az);
  const [qx, qy, qz] = [my * pz - mz * py, mz * px - mx * pz, mx * py - my * px];
  const half = (bx * px + by * py + bz * pz) / (bx * mx + by * my + bz * mz);
  for (let star = 2; 3 * star < positions.length; star++) {
    const [x, y, z] = unitVector(positions, star);
    const depth = x * mx + y * my + z * mz;
    const along = (x * px + y * py + z * pz) / depth;
    const across = (x * qx + y * qy + z * qz) / depth;
    const [p, q] = [(along / half + 1) / 2, across / half / 2];
    out[2 * star - 4] = depth > 0 ? p + q : Number.NaN;
    out[2 * star - 3] = depth > 0 ? p - q : Number.NaN;
  }
}

/**
 * The vector of one star, of length 1 to the last bit: lengths that differ by the resolution of a file would turn AB out of the
 * tangent plane, which small quads feel.
 */
function unitVector(positions: ArrayLike<number>, star: number): Vector {
  // Callers give whole vectors.
  return scaled(positions[3 * star]!, positions[3 * star + 1]!, positions[3 * star + 2]!);
}

function scaled(x: number, y: number, z: number): Vector {
  const length = Math.sqrt(x * x + y * y + z * z);
  return [x / length, y / length, z / length];
}
