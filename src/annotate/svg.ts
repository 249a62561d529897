import { textOutline, textWidth, type Weight } from './font.js';
import { HALO } from './palette.js';

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

export interface TextStyle {
  size: number;
  color: string;
  weight?: Weight;
  opacity?: number;
  anchor?: 'start' | 'middle' | 'end';
  /** A dark rim that keeps the text legible on any ground. @default true */
  halo?: boolean;
}

/** A line of text whose baseline starts (or is centred, or ends) at (x, y), drawn as one path. */
export function text(content: string, x: number, y: number, style: TextStyle): string {
  const { size, color, weight = 'regular', opacity, anchor = 'start', halo = true } = style;
  const width = anchor === 'start' ? 0 : textWidth(content, size, weight);
  const left = x - (anchor === 'middle' ? width / 2 : width);
  const rim = halo
    ? ` stroke="${HALO.color}" stroke-opacity="${HALO.opacity}" stroke-width="${HALO.em * 1000}" stroke-linejoin="round" paint-order="stroke"`
    : '';
  const fade = opacity === undefined ? '' : ` opacity="${opacity}"`;
  return `<path transform="translate(${n(left)} ${n(y)}) scale(${Number((size / 1000).toFixed(6))})" fill="${color}"${rim}${fade} d="${textOutline(content, weight)}"/>`;
}

/** Straight pieces through points, as path data. */
export function polyline(points: readonly (readonly [number, number])[], closed = false): string {
  return `${points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${n(x)} ${n(y)}`).join('')}${closed ? 'Z' : ''}`;
}
