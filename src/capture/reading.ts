/**
 * What a value turned out to be: understood, or left out with the reason. `undefined` means that there is no value at
 * all, such as a missing or blank keyword.
 */
export type Reading<T> = Understood<T> | LeftOut | undefined;

export interface Understood<T> {
  value: T;
  /** The unit that the file states, where it is not the customary one of its keyword: `cm`. */
  unit?: string;
}

export interface LeftOut {
  /** For a person, without the value: `no date`, `the unit "furlong" is not known`. */
  why: string;
}

export function understood<T>(reading: Reading<T>): reading is Understood<T> {
  return reading !== undefined && 'value' in reading;
}

/** Smallest to greatest value that makes sense. */
export type Bounds = readonly [number, number];

export const within = (value: number, [low, high]: Bounds): boolean => value >= low && value <= high;
