/**
 * The name that may have been meant: the one with the fewest letters to change, add or leave out (Levenshtein's distance), if those
 * are at most two, or a third of what was written. Capitals, dashes and underscores do not count.
 */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '');
  const most = Math.max(2, Math.floor(written.length / 3));
  const distances = known.map((name) => ({ name, distance: distanceOf(plain(written), plain(name)) }));
  const [nearest] = distances.sort((one, other) => one.distance - other.distance);
  return nearest && nearest.distance <= most && nearest.distance < plain(written).length
    ? nearest.name
    : undefined;
}

function distanceOf(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (before[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      now.push(Math.min(replaced, (before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1));
    }
    before = now;
  }
  return before[other.length] ?? 0;
}
