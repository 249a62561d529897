import { plotSheet, plotWords, type RadiusCurve, RadiusPlot } from '../../src/calibration/radius-plot.js';

/** One curve of a plot: values by the distance from the middle, 0 to 1 half diagonals. */
export interface Curve {
  name: string;
  colour: string;
  points: RadiusCurve;
}

const [WIDTH, HEIGHT] = [640, 400];
const BOX = { left: 56, right: WIDTH - 16, top: 64, bottom: HEIGHT - 40 } as const;
/** Of the axis, pixels; it is logarithmic. */
const [LEAST, MOST] = [0.01, 10] as const;

/** Residuals by radius, as SVG. */
export function residualPlot(title: string, curves: readonly Curve[]): string {
  const plot = new RadiusPlot(BOX, (off) => Math.log(off / LEAST) / Math.log(MOST / LEAST));
  const drawn = curves.flatMap(({ name, colour, points }, i) => [
    plot.curve(points, colour),
    plot.dots(points, colour, 3),
    plotWords(name, BOX.right - 190 * i, BOX.top - 8, { color: colour, anchor: 'end' }),
  ]);
  return plotSheet([WIDTH, HEIGHT], title, 24, [...plot.axes([0.01, 0.1, 1, 10], [], 'corner'), ...drawn]);
}
