import { formatAngle, roundAngleUpTo } from '../wcs/angles.js';
import type { Point } from '../wcs/display.js';
import { directionInView, type SkyView } from '../wcs/view.js';
import type { Drawing } from './draw-lines.js';
import { n } from './svg.js';

export interface ScaleBar {
  /** Pixels of the view. */
  length: number;
  label: string;
}

/** The longest round angle that takes about a seventh of the width. */
export function scaleBar(view: SkyView): ScaleBar {
  const angle = roundAngleUpTo(view.width / 7 / view.scale);
  return { length: angle * view.scale, label: formatAngle(angle) };
}

/** A bar whose left end is at a point. */
export function drawBar(
  { length, label }: ScaleBar,
  [left, y]: Point,
  { size, palette: { ink, halo }, lettering }: Omit<Drawing, 'layers'>,
): string {
  const right = left + length;
  const tick = size * 0.35;
  const d = `M${n(left)} ${n(y - tick)}V${n(y)}H${n(right)}V${n(y - tick)}`;
  const line = (color: string, width: number, opacity: number) =>
    `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(width)}" stroke-opacity="${opacity}"/>`;
  return (
    line(halo.color, size * 0.28, halo.opacity) +
    line(ink, size * 0.09, 1) +
    lettering.write(label, (left + right) / 2, y - size * 0.55, { size, color: ink, anchor: 'middle' })
  );
}

/** Arrows to north and east as they point in the middle of the picture. */
export function drawCompass(
  [x, y]: Point,
  radius: number,
  { view, size, palette: { ink, quietInk, halo }, lettering }: Omit<Drawing, 'layers'>,
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
      tip[1] + dy * size * 0.75 + lettering.capHeight(size * 0.95, 'bold') / 2,
    ];
    return (
      `<path d="${d}" fill="none" stroke="${halo.color}" stroke-width="${n(size * 0.28)}" stroke-opacity="${halo.opacity}" stroke-linejoin="round"/>` +
      `<path d="${d}" fill="none" stroke="${color}" stroke-width="${n(size * 0.1)}" stroke-linejoin="round" stroke-linecap="round"/>` +
      lettering.write(letter, at[0], at[1], { size: size * 0.95, color, weight: 'bold', anchor: 'middle' })
    );
  };
  const reach = radius - size * 1.15;
  return (
    arrow(directionInView(view, 90), 'E', reach * 0.8, quietInk) +
    arrow(directionInView(view, 0), 'N', reach, ink)
  );
}
