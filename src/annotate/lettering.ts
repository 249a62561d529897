export type Weight = 'regular' | 'bold';

export interface TextStyle {
  size: number;
  color: string;
  weight?: Weight;
  opacity?: number;
  anchor?: 'start' | 'middle' | 'end';
}

/** How the words of a drawing are measured and written: as outlines in a file, in the browser's own type on the page. */
export interface Lettering {
  /** Width of a line of text, in the unit of `size`. */
  width(text: string, size: number, weight?: Weight): number;
  /** Height of a capital letter above the baseline, in the unit of `size`. */
  capHeight(size: number, weight?: Weight): number;
  /** A line of text whose baseline starts (or is centred, or ends) at (x, y), as SVG. */
  write(text: string, x: number, y: number, style: TextStyle): string;
}
