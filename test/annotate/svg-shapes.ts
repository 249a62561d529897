/** Dots of a group: middle and radius. */
export function circlesOf(svg: string, group: string): { x: number; y: number; r: number }[] {
  const [, content = ''] = new RegExp(`<g id="${group}"[^>]*>(.*?)</g>`, 's').exec(svg) ?? [];
  return [...content.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"/g)].map(([, x, y, r]) => ({
    x: Number(x),
    y: Number(y),
    r: Number(r),
  }));
}

/** Points of path data that has absolute coordinates only. */
export function pointsOf(d: string): [x: number, y: number][] {
  return [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}
