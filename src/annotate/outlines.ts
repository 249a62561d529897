import { capHeight, textOutline, textWidth } from './font.js';
import type { Lettering } from './lettering.js';
import type { Halo } from './palette.js';
import { n } from './svg.js';

/**
 * Each line of text as one path of the package's typeface: it looks alike wherever it is opened, and asks for no fonts.
 * @param halo the rim that keeps it legible on any ground; without one it is plain
 */
export function outlines(halo?: Halo): Lettering {
  const rim = halo
    ? ` stroke="${halo.color}" stroke-opacity="${halo.opacity}" stroke-width="${halo.em * 1000}" stroke-linejoin="round" paint-order="stroke"`
    : '';
  return {
    width: textWidth,
    capHeight,
    write(content, x, y, { size, color, weight = 'regular', opacity, anchor = 'start' }) {
      const width = anchor === 'start' ? 0 : textWidth(content, size, weight);
      const left = x - (anchor === 'middle' ? width / 2 : width);
      const fade = opacity === undefined ? '' : ` opacity="${opacity}"`;
      return `<path transform="translate(${n(left)} ${n(y)}) scale(${Number((size / 1000).toFixed(6))})" fill="${color}"${rim}${fade} d="${textOutline(content, weight)}"/>`;
    },
  };
}
