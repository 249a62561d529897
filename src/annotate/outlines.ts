import { capHeight, textOutline, textWidth } from './font.js';
import type { Lettering } from './lettering.js';
import { HALO } from './palette.js';
import { n } from './svg.js';

/** Each line of text as one path of the package's typeface: it looks alike wherever it is opened, and asks for no fonts. */
export const OUTLINES: Lettering = {
  width: textWidth,
  capHeight,
  write(content, x, y, style) {
    const { size, color, weight = 'regular', opacity, anchor = 'start', halo = true } = style;
    const width = anchor === 'start' ? 0 : textWidth(content, size, weight);
    const left = x - (anchor === 'middle' ? width / 2 : width);
    const rim = halo
      ? ` stroke="${HALO.color}" stroke-opacity="${HALO.opacity}" stroke-width="${HALO.em * 1000}" stroke-linejoin="round" paint-order="stroke"`
      : '';
    const fade = opacity === undefined ? '' : ` opacity="${opacity}"`;
    return `<path transform="translate(${n(left)} ${n(y)}) scale(${Number((size / 1000).toFixed(6))})" fill="${color}"${rim}${fade} d="${textOutline(content, weight)}"/>`;
  },
};
