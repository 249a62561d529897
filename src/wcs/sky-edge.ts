import type { Wcs } from './wcs.js';

/**
 * The pixel at which a ray from the middle of the image leaves what the image shows of the sky: its frame, or its image circle before.
 * @param along direction of the ray from +x towards +y, radians
 */
export function skyEdge({ width, height, circle }: Wcs, along: number): [x: number, y: number] {
  const [midX, midY] = [(width + 1) / 2, (height + 1) / 2];
  const [cos, sin] = [Math.cos(along), Math.sin(along)];
  let reach = Math.min(width / 2 / Math.abs(cos), height / 2 / Math.abs(sin));
  if (circle) {
    // Distance along the ray to the circle; the middle of the image lies inside it.
    const [dx, dy] = [midX - circle.x, midY - circle.y];
    const ahead = dx * cos + dy * sin;
    const inside = Math.max(0, ahead ** 2 + circle.radius ** 2 - dx ** 2 - dy ** 2);
    reach = Math.min(reach, Math.max(0, Math.sqrt(inside) - ahead) * (1 - 1e-9));
  }
  return [midX + reach * cos, midY + reach * sin];
}

/** Points of the edge all around, the first along +x. */
export function skyOutline(wcs: Wcs, points: number): [x: number, y: number][] {
  return Array.from({ length: points }, (_, i) => skyEdge(wcs, (2 * Math.PI * i) / points));
}
