/** Values of labels by their names. */
export type Labels = Readonly<Record<string, string>>;

/** Different labels of one metric; those beyond are counted as `other`, so that no caller can fill the memory with them. */
const MAX_SERIES = 500;

interface Series {
  labels: Labels;
  sum: number;
  /** Of a histogram: how many observations were at most as large as each bound, and in all. */
  buckets: number[];
  count: number;
}

/** A number that only grows, or a histogram of observations, for each set of labels. */
export class Metric {
  readonly #series = new Map<string, Series>();

  constructor(
    readonly name: string,
    readonly help: string,
    /** Upper bounds of a histogram, ascending; none for a counter. */
    readonly bounds?: readonly number[],
  ) {}

  /** Counts: adds 1, or observes a value. */
  add(labels: Labels, value = 1): void {
    const series = this.#seriesOf(labels);
    series.sum += value;
    series.count += 1;
    for (const [index, bound] of (this.bounds ?? []).entries())
      if (value <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
  }

  lines(): string[] {
    const { name, bounds } = this;
    const all = [...this.#series.values()];
    if (!bounds) return all.map(({ labels, sum }) => line(name, labels, sum));
    return all.flatMap(({ labels, sum, count, buckets }) => [
      ...bounds.map((bound, index) =>
        line(`${name}_bucket`, { ...labels, le: String(bound) }, buckets[index] ?? 0),
      ),
      line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
      line(`${name}_sum`, labels, sum),
      line(`${name}_count`, labels, count),
    ]);
  }

  #seriesOf(labels: Labels): Series {
    const key = JSON.stringify(labels);
    const known = this.#series.get(key);
    if (known) return known;
    const other = Object.fromEntries(Object.keys(labels).map((label) => [label, 'other']));
    if (this.#series.size >= MAX_SERIES && key !== JSON.stringify(other)) return this.#seriesOf(other);
    const series = { labels, sum: 0, count: 0, buckets: [] };
    this.#series.set(key, series);
    return series;
  }
}

/** A value that is read when it is asked for. */
export interface Gauge {
  name: string;
  help: string;
  values: readonly { labels: Labels; value: number }[];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`;
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const head = (name: string, help: string, type: string) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

/** The text format of Prometheus, version 0.0.4. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function metricsText(metrics: readonly Metric[], gauges: readonly Gauge[]): string {
  const counted = metrics.flatMap((metric) => [
    ...head(metric.name, metric.help, metric.bounds ? 'histogram' : 'counter'),
    ...metric.lines(),
  ]);
  const read = gauges.flatMap(({ name, help, values }) => [
    ...head(name, help, name.endsWith('_total') ? 'counter' : 'gauge'),
    ...values.map(({ labels, value }) => line(name, labels, value)),
  ]);
  return `${[...counted, ...read].join('\n')}\n`;
}
