/** A number as short as a hundredth of a pixel allows. */
export function n(value: number): string {
  return String(Number(value.toFixed(2)));
}

/** Text that is safe inside an element or an attribute; characters that XML does not allow become spaces. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Straight pieces through points, as path data. */
export function polyline(points: readonly (readonly [number, number])[], closed = false): string {
  return `${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')}${closed ? 'Z' : ''}`;
}
