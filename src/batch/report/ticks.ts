const STEPS = [1, 2, 5, 10];

/** Round numbers within a range, some `count` of them. */
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * (STEPS.find((one) => one * power >= raw) ?? 10);
  const ticks: number[] = [];
  // Counted, so that no rounding error adds up.
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + 1e-9 * step; n++) ticks.push(n * step);
  return ticks;
}

/** A value on an axis with such a distance between its ticks. */
export function tickLabel(value: number, step: number): string {
  const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
  return value.toFixed(decimals).replace('-', '−');
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((days) => days * DAY),
];

/** Round times within a range of milliseconds, some `count` of them, each as `21:30`, or as its date where a day is shorter than a step. */
export function timeTicks(low: number, high: number, count: number): { at: number; label: string }[] {
  const step = TIME_STEPS.find((one) => one * count >= high - low) ?? 2000 * DAY;
  const ticks: { at: number; label: string }[] = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) {
    const iso = new Date(at).toISOString();
    ticks.push({ at, label: step >= DAY ? iso.slice(0, 10) : iso.slice(11, 16) });
  }
  return ticks;
}
