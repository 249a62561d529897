import type { Point } from './frame.js';
import { type Size, toPicture, toScreen, type View } from './projection.js';
import type { Sky } from './sky.js';

export interface GridLine {
  points: Point[];
  label: string;
  /** Lines of equal RA end at the top, those of equal Dec at the left. */
  axis: 'ra' | 'dec';
}

/** Degrees between lines: whole minutes and seconds of time for RA, of arc for Dec. */
const RA_STEPS = [
  90,
  45,
  30,
  15,
  7.5,
  5,
  2.5,
  1.25,
  0.5,
  0.25,
  1 / 8,
  1 / 24,
  1 / 48,
  1 / 120,
  1 / 240,
  1 / 480,
];
const DEC_STEPS = [
  30,
  20,
  10,
  5,
  2,
  1,
  0.5,
  1 / 3,
  1 / 6,
  1 / 12,
  1 / 30,
  1 / 60,
  1 / 120,
  1 / 180,
  1 / 360,
  1 / 720,
];
const WANTED = 5;
const SAMPLES = 80;

const stepFor = (span: number, steps: readonly number[]) =>
  steps.find((step) => span / step >= WANTED * 0.8) ?? steps[steps.length - 1]!;

/** Lines of equal RA and Dec through what is seen, as fine as the zoom asks for. */
export function gridLines(sky: Sky, view: View, screen: Size): GridLine[] {
  const seen = visible(sky, view, screen);
  if (!seen) return [];
  const { ra, dec, pole } = seen;
  const lines: GridLine[] = [];
  const draw = (axis: GridLine['axis'], label: string, at: (fraction: number) => [number, number]) => {
    const points: Point[] = [];
    for (let index = 0; index <= SAMPLES; index++) {
      const place = sky.place(...at(index / SAMPLES));
      if (place) points.push(toScreen(view, place));
    }
    if (points.length > 1) lines.push({ points, label, axis });
  };
  const decStep = stepFor(dec[1] - dec[0], DEC_STEPS);
  const raSpan = pole ? 360 : ra[1] - ra[0];
  const raStep = pole ? 30 : stepFor(raSpan, RA_STEPS);
  const [low, high] = [Math.max(-90, dec[0] - decStep), Math.min(90, dec[1] + decStep)];
  for (let value = Math.ceil(low / decStep) * decStep; value <= high; value += decStep) {
    if (Math.abs(value) > 89.99) continue;
    draw('dec', decLabel(value, decStep), (f) => [ra[0] - raStep + f * (raSpan + 2 * raStep), value]);
  }
  const first = Math.ceil((ra[0] - raStep) / raStep) * raStep;
  const count = pole ? Math.round(360 / raStep) : Math.ceil((raSpan + 2 * raStep) / raStep);
  for (let index = 0; index < count; index++) {
    const value = first + index * raStep;
    draw('ra', raLabel(value, raStep), (f) => [value, low + f * (high - low)]);
  }
  return lines;
}

function visible(sky: Sky, view: View, screen: Size) {
  const middle = sky.at([sky.frame.width / 2, sky.frame.height / 2]);
  if (!middle) return undefined;
  const ra: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const dec: [number, number] = [90, -90];
  for (let row = 0; row <= 8; row++) {
    for (let column = 0; column <= 8; column++) {
      const [x, y] = toPicture(view, [(column / 8) * screen.width, (row / 8) * screen.height]);
      const inside: Point = [
        Math.min(sky.frame.width, Math.max(0, x)),
        Math.min(sky.frame.height, Math.max(0, y)),
      ];
      const [raAt, decAt] = sky.at(inside)!;
      // Counted from the middle, so that a field across RA 0 is in one piece.
      const offset = ((((raAt - middle[0]) % 360) + 540) % 360) - 180;
      ra[0] = Math.min(ra[0], middle[0] + offset);
      ra[1] = Math.max(ra[1], middle[0] + offset);
      dec[0] = Math.min(dec[0], decAt);
      dec[1] = Math.max(dec[1], decAt);
    }
  }
  const pole = [90, -90].find((value) => {
    const place = sky.place(middle[0], value);
    return (
      place && place[0] >= 0 && place[1] >= 0 && place[0] <= sky.frame.width && place[1] <= sky.frame.height
    );
  });
  if (pole !== undefined) dec[pole > 0 ? 1 : 0] = pole;
  return { ra, dec, pole: pole !== undefined };
}

function raLabel(ra_deg: number, step: number): string {
  const seconds = Math.round((((ra_deg % 360) + 360) % 360) * 240 * 10) / 10;
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  if (step >= 15 && minutes === 0) return `${hours}h`;
  const head = `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return step < 0.25 ? `${head} ${String(Number(rest.toFixed(1))).padStart(2, '0')}s` : head;
}

function decLabel(dec_deg: number, step: number): string {
  const seconds = Math.round(Math.abs(dec_deg) * 3600);
  const sign = seconds === 0 ? '' : dec_deg < 0 ? '−' : '+';
  const degrees = `${sign}${Math.floor(seconds / 3600)}°`;
  if (step >= 1) return degrees;
  const minutes = `${degrees} ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}′`;
  return step < 1 / 60 ? `${minutes} ${String(seconds % 60).padStart(2, '0')}″` : minutes;
}
