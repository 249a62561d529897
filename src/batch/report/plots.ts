import type { BatchRow } from '../row.js';
import { driftOf } from './drift.js';
import type { Plot, PlotPoint, PlotSeries } from './plot.js';
import { GAP_MS, type Timed } from './times.js';

type NumberColumn = {
  [K in keyof BatchRow]-?: NonNullable<BatchRow[K]> extends number ? K : never;
}[keyof BatchRow];

const timeOf = ({ row }: Timed) => row.datetime?.slice(11, 19) ?? '';

function column(timed: readonly Timed[], name: NumberColumn, label: string, unit: string): PlotSeries {
  const points: PlotPoint[] = [];
  let part = 0;
  for (const one of timed) {
    const value = one.row[name];
    if (value === undefined) continue;
    if (one.at - (points.at(-1)?.at ?? one.at) > GAP_MS) part += 1;
    points.push({
      at: one.at,
      value,
      part,
      about: `${one.row.file}\n${timeOf(one)}  ${Number(value.toPrecision(5))} ${unit}`,
    });
  }
  return { name: label, points };
}

function driftSeries(timed: readonly Timed[]): { pointing: PlotSeries[]; rotation: PlotSeries } {
  const drifts = driftOf(timed);
  const series = (
    name: string,
    unit: string,
    value: (drift: (typeof drifts)[number]) => number,
  ): PlotSeries => ({
    name,
    points: drifts.map((drift) => ({
      at: drift.timed.at,
      value: value(drift),
      part: drift.part,
      about: `${drift.timed.row.file}\n${timeOf(drift.timed)}  ${name} ${value(drift).toFixed(2)}${unit}`,
    })),
  });
  return {
    pointing: [series('east', '′', ({ east }) => east), series('north', '′', ({ north }) => north)],
    rotation: series('rotation', '°', ({ turned }) => turned),
  };
}

/** What a report draws: of each figure that any picture has. */
export function plotsOf(timed: readonly Timed[]): Plot[] {
  const { pointing, rotation } = driftSeries(timed);
  const one = (name: NumberColumn, label: string, unit: string) => [column(timed, name, label, unit)];
  const inArcsec = timed.some(({ row }) => row.fwhm_arcsec !== undefined);
  const plots: Plot[] = [
    {
      title: 'FWHM',
      unit: inArcsec ? 'arcsec' : 'pixels',
      note: 'median of the stars that were measured: lower is sharper',
      series: inArcsec ? one('fwhm_arcsec', 'FWHM', 'arcsec') : one('fwhm_px', 'FWHM', 'px'),
      leastSpan: 0.5,
    },
    {
      title: 'Ellipticity',
      unit: '1 − b/a',
      note: 'lower is rounder',
      series: one('ellipticity', 'ellipticity', ''),
      leastSpan: 0.1,
    },
    {
      title: 'Sky',
      unit: 'mag/arcsec²',
      note: 'higher is darker',
      series: one('sky_mag_arcsec2', 'sky', 'mag/arcsec²'),
      leastSpan: 0.4,
    },
    {
      title: 'Background',
      unit: 'units of the image',
      series: one('background', 'background', ''),
      leastSpan: 0,
    },
    {
      title: 'Zero point',
      unit: 'mag',
      note: 'a fall is haze, cloud or dew',
      series: one('zero_point_mag', 'zero point', 'mag'),
      leastSpan: 0.2,
    },
    {
      title: 'Drift',
      unit: 'arcmin',
      note: 'of the centre, since the first picture of each target',
      series: pointing,
      leastSpan: 0.5,
    },
    {
      title: 'Rotation',
      unit: 'degrees',
      note: 'since the first picture of each target',
      series: [rotation],
      leastSpan: 0.2,
    },
    {
      title: 'Stars',
      unit: 'found in a picture',
      series: one('stars_detected', 'stars', ''),
      leastSpan: 10,
    },
  ];
  const drawn = plots.filter(({ series }) => series.some(({ points }) => points.length > 0));
  return drawn.map((plot) => ({ ...plot, leastSpan: plot.leastSpan || spanOf(plot) }));
}

/** Of a figure without a scale of its own: a hundredth of its size. */
function spanOf({ series }: Plot): number {
  return Math.max(1e-6, Math.abs(series[0]?.points[0]?.value ?? 1) / 100);
}
