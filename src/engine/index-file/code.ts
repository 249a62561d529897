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
  // Callers give whole vectors, of A and B at least.
  const [ax, ay, az] = [positions[0]!, positions[1]!, positions[2]!];
  const [bx, by, bz] = [positions[3]!, positions[4]!, positions[5]!];
  const sum = Math.hypot(ax + bx, ay + by, az + bz);
  const [mx, my, mz] = [(ax + bx) / sum, (ay + by) / sum, (az + bz) / sum];
  // A and B are equally far from the middle: their difference lies in the tangent plane.
  const chord = Math.hypot(bx - ax, by - ay, bz - az);
  const [px, py, pz] = [(bx - ax) / chord, (by - ay) / chord, (bz - az) / chord];
  const [qx, qy, qz] = [my * pz - mz * py, mz * px - mx * pz, mx * py - my * px];
  const half = (bx * px + by * py + bz * pz) / (bx * mx + by * my + bz * mz);
  for (let star = 2; 3 * star < positions.length; star++) {
    const [x, y, z] = [positions[3 * star]!, positions[3 * star + 1]!, positions[3 * star + 2]!];
    const depth = x * mx + y * my + z * mz;
    const along = (x * px + y * py + z * pz) / depth;
    const across = (x * qx + y * qy + z * qz) / depth / (2 * half);
    const p = depth > 0 ? (along + half) / (2 * half) : Number.NaN;
    out[2 * star - 4] = p + across;
    out[2 * star - 3] = p - across;
  }
}
