import type { Capture } from '../job/capture.js';
import { later, type Moment, momentOf } from './moment.js';

/** When the picture was taken. */
export interface Exposure {
  start: Moment;
  middle: Moment;
  end: Moment;
  /** How long light was gathered without a break; absent when that is not known, and then the three moments are one. */
  seconds?: number;
}

/** The dates that are not those of the start, by how much of the exposure lies before them. */
const BEFORE: readonly (readonly [RegExp, number])[] = [
  [/-AVG\b/, 0.5],
  [/-END\b/, 1],
];
/** Keywords under which the exposures of several pictures are summed up: they say nothing of when the last one ended. */
const SUMS = /\b(LIVETIME|TOTALEXP)\b/;

/** Why the clock of a picture does not tell when it was taken. */
function doubtOf({ datetime, notes = [] }: Capture): string {
  const left = notes.find(({ key }) => /DATE|JD|Date|UT/.test(key));
  const because = left ? `: ${left.key} ${JSON.stringify(left.value)} is left out (${left.why})` : '';
  return datetime === undefined
    ? `The file does not say when it was taken${because}`
    : `The clock is known, and not its zone, so that UTC is unknown${because}`;
}

/** When the picture was taken, or why that is not known well enough to say what stood where. */
export function exposureOf(capture: Capture): Exposure | { why: string } {
  const ms = Date.parse(capture.datetime_utc ?? '');
  if (Number.isNaN(ms)) return { why: doubtOf(capture) };
  const { datetime_utc: dated = '', exposure: lasted = '' } = capture.sources ?? {};
  const seconds = SUMS.test(lasted) ? undefined : capture.exposure;
  if (seconds === undefined) {
    const middle = momentOf(ms);
    return { start: middle, middle, end: middle };
  }
  const days = seconds / 86_400;
  const [, before] = BEFORE.find(([source]) => source.test(dated)) ?? [undefined, 0];
  const start = momentOf(ms - before * seconds * 1000);
  return { start, middle: later(start, days / 2), end: later(start, days), seconds };
}
