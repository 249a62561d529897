import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Text with a colour, where stdout is a terminal that has some and the user wants them (`NO_COLOR`, `TERM`). */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}
