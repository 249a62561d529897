export type Weight = 'regular' | 'bold';

export interface TextStyle {
  size: number;
  color: string;
  weight?: Weight;
  opacity?: number;
  anchor?: 'start' | 'middle' | 'end';
}

/** Height of the box of a line of text, in type sizes. */
export const LINE_HEIGHT = 1.12;

/** The baseline of a line of text, descenders and all, below the upper edge of its box. */
export const baselineOf = (lettering: Lettering, size: number) => (size + lettering.capHeight(size)) / 2;

/** How the words of a drawing are measured and written: as outlines in a file, in the browser's own type on the page. */
export interface Lettering {
  /** Width of a line of text, in the unit of `size`. */
  width(text: string, size: number, weight?: Weight): number;
  /** Height of a capital letter above the baseline, in the unit of `size`. */
  capHeight(size: number, weight?: Weight): number;
  /** A line of text whose baseline starts (or is centred, or ends) at (x, y), as SVG. */
  write(text: string, x: number, y: number, style: TextStyle): string;
}
