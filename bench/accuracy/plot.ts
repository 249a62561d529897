/** One curve of a plot: values by the distance from the middle, 0 to 1 half diagonals. */
export interface Curve {
  name: string;
  colour: string;
  points: readonly (readonly [radius: number, value: number])[];
}

const [WIDTH, HEIGHT] = [640, 400];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 16, 44, 48];

/** Residuals by radius, on a logarithmic scale from 0.01 to 10 pixels, as SVG. */
export function residualPlot(title: string, curves: readonly Curve[]): string {
  const x = (radius: number) => LEFT + radius * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => {
    const part = (Math.log10(Math.min(10, Math.max(0.01, value))) + 2) / 3;
    return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
  };
  const text = (at: readonly [number, number], words: string, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${words}</text>`;
  const line = (from: readonly [number, number], to: readonly [number, number], colour: string) =>
    `<line x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}" stroke="${colour}"/>`;
  const [x0, x1] = [x(0), x(1)];
  const grid = [0.01, 0.1, 1, 10].flatMap((value) => [
    line([x0, y(value)], [x1, y(value)], '#ddd'),
    text([LEFT - 8, y(value) + 4], String(value), 'text-anchor="end"'),
  ]);
  const ticks = [0, 1 / 3, 2 / 3, 1].flatMap((radius) => [
    line([x(radius), TOP], [x(radius), HEIGHT - BOTTOM], '#ddd'),
    text([x(radius), HEIGHT - BOTTOM + 18], radius.toFixed(2), 'text-anchor="middle"'),
  ]);
  const drawn = curves.flatMap(({ name, colour, points }, i) => [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points
      .map(([radius, value]) => `${x(radius).toFixed(1)},${y(value).toFixed(1)}`)
      .join(' ')}"/>`,
    ...points.map(
      ([radius, value]) =>
        `<circle cx="${x(radius).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3" fill="${colour}"/>`,
    ),
    text([LEFT + 12 + i * 190, TOP - 8], name, `fill="${colour}"`),
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text([WIDTH / 2, 20], title, 'text-anchor="middle" font-size="14"')}
${[...grid, ...ticks, ...drawn].join('\n')}
${text([WIDTH / 2, HEIGHT - 8], 'distance from the middle, half diagonals', 'text-anchor="middle"')}
${text([14, HEIGHT / 2], 'pixels', `text-anchor="middle" transform="rotate(-90 14 ${HEIGHT / 2})"`)}
</svg>
`;
}
