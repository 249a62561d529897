import { formatAngle, roundAngleUpTo } from '../wcs/angles.js';
import type { Point } from '../wcs/display.js';
import { type Box, directionInView, type SkyView } from '../wcs/view.js';
import type { Caption } from './captions.js';
import { capHeight, textWidth } from './font.js';
import { HALO, type Palette } from './palette.js';
import { n, text } from './svg.js';

/** Height of the band that `drawFurniture` fills, for a type size. */
export const bandHeight = (size: number) => Math.round(size * 6.4);

/** Caption at the left, scale bar and compass at the right of a band, as three SVG groups. */
export function drawFurniture(
  view: SkyView,
  band: Box,
  caption: Caption,
  size: number,
  palette: Palette,
): string {
  const pad = size * 1.3;
  const radius = (band.height - 2 * size * 0.7) / 2;
  const center: Point = [band.x + band.width - pad - radius, band.y + band.height / 2];
  const bar = scaleBar(view);
  const barRight = center[0] - radius - pad * 1.4;
  const barLeft = barRight - bar.length;
  const middle = band.y + band.height / 2;
  const available = barLeft - pad * 1.5 - (band.x + pad);
  return [
    `<g id="caption">${drawCaption(caption, band.x + pad, middle, available, size, palette)}</g>`,
    `<g id="scale">${drawBar(barLeft, barRight, middle + size * 0.5, bar.label, size, palette)}</g>`,
    `<g id="compass">${drawCompass(view, center, radius, size, palette)}</g>`,
  ].join('\n');
}

function drawCaption(
  { title, lines }: Caption,
  x: number,
  middle: number,
  available: number,
  size: number,
  { ink, quietInk }: Palette,
): string {
  const fitted = (content: string, wanted: number, weight: 'regular' | 'bold') =>
    Math.min(wanted, (wanted * available) / Math.max(1, textWidth(content, wanted, weight)));
  const leading = size * 1.5;
  const height = capHeight(size * 1.5, 'bold') + leading * lines.length;
  const top = middle - height / 2 + capHeight(size * 1.5, 'bold');
  return (
    text(title, x, top, { size: fitted(title, size * 1.5, 'bold'), color: ink, weight: 'bold' }) +
    lines
      .map((line, i) =>
        text(line, x, top + leading * (i + 1), {
          size: fitted(line, size * 0.92, 'regular'),
          color: quietInk,
        }),
      )
      .join('')
  );
}

/** The longest round angle that takes about a seventh of the width. */
function scaleBar(view: SkyView): { length: number; label: string } {
  const angle = roundAngleUpTo(view.width / 7 / view.scale);
  return { length: angle * view.scale, label: formatAngle(angle) };
}

function drawBar(
  left: number,
  right: number,
  y: number,
  label: string,
  size: number,
  { ink }: Palette,
): string {
  const tick = size * 0.35;
  const d = `M${n(left)} ${n(y - tick)}V${n(y)}H${n(right)}V${n(y - tick)}`;
  const line = (color: string, width: number, opacity: number) =>
    `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-opacity="${opacity}"/>`;
  return (
    line(HALO.color, size * 0.3, HALO.opacity) +
    line(ink, size * 0.1, 1) +
    text(label, (left + right) / 2, y - size * 0.7, { size, color: ink, anchor: 'middle' })
  );
}

/** Arrows to north and east as they point in the middle of the picture. */
function drawCompass(
  view: SkyView,
  [x, y]: Point,
  radius: number,
  size: number,
  { ink, quietInk }: Palette,
): string {
  const arrow = ([dx, dy]: Point, letter: string, reach: number, color: string) => {
    const tip: Point = [x + dx * reach, y + dy * reach];
    const head = size * 0.42;
    const wing = (side: number): Point => [
      tip[0] - dx * head - side * dy * head * 0.55,
      tip[1] - dy * head + side * dx * head * 0.55,
    ];
    const [a, b] = [wing(1), wing(-1)];
    const d = `M${n(x)} ${n(y)}L${n(tip[0])} ${n(tip[1])}M${n(a[0])} ${n(a[1])}L${n(tip[0])} ${n(tip[1])}L${n(b[0])} ${n(b[1])}`;
    const at: Point = [
      tip[0] + dx * size * 0.75,
      tip[1] + dy * size * 0.75 + capHeight(size * 0.95, 'bold') / 2,
    ];
    return (
      `<path d="${d}" fill="none" stroke="${HALO.color}" stroke-width="${n(size * 0.28)}" stroke-opacity="${HALO.opacity}" stroke-linejoin="round"/>` +
      `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(size * 0.1)}" stroke-linejoin="round" stroke-linecap="round"/>` +
      text(letter, at[0], at[1], { size: size * 0.95, color, weight: 'bold', anchor: 'middle' })
    );
  };
  const reach = radius - size * 1.15;
  return (
    arrow(directionInView(view, 90), 'E', reach * 0.8, quietInk) +
    arrow(directionInView(view, 0), 'N', reach, ink)
  );
}
