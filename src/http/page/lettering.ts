import type { Lettering, Weight } from '../../annotate/lettering.js';
import type { Halo } from '../../annotate/palette.js';
import { escapeXml, n } from '../../annotate/svg.js';

/** As `.viewer-overlay text` in the style sheet has it. */
const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
const WEIGHTS: Readonly<Record<Weight, number>> = { regular: 400, bold: 600 };

/** Type of the browser: no outlines to be fetched, and words that are sharp at any zoom. */
export function browserLettering(halo: Halo): Lettering {
  const context = document.createElement('canvas').getContext('2d');
  const widths = new Map<string, number>();
  // Measured once at 100 pixels: widths grow with the size.
  const measured = (text: string, weight: Weight) => {
    const key = `${weight} ${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      if (context) context.font = `${WEIGHTS[weight]} 100px ${FAMILY}`;
      width = context?.measureText(text).width ?? 60 * text.length;
      widths.set(key, width);
    }
    return width;
  };
  return {
    width: (text, size, weight = 'regular') => (measured(text, weight) * size) / 100,
    capHeight: (size) => 0.72 * size,
    write(text, x, y, { size, color, weight = 'regular', opacity, anchor = 'start' }) {
      const rim = ` stroke="${halo.color}" stroke-opacity="${halo.opacity}" stroke-width="${n(halo.em * size)}" stroke-linejoin="round" paint-order="stroke"`;
      const fade = opacity === undefined ? '' : ` opacity="${opacity}"`;
      return `<text x="${n(x)}" y="${n(y)}" font-size="${n(size)}" font-weight="${WEIGHTS[weight]}" text-anchor="${anchor}" fill="${color}"${rim}${fade}>${escapeXml(text)}</text>`;
    },
  };
}
