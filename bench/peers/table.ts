import { median } from '../shared/median.js';
import type { MissingPeer, Peer } from './peer.js';
import type { Case, Runs } from './rounds.js';

type Entrant = Peer | MissingPeer;

const MANNERS = [
  [true, 'hinted'],
  [false, 'blind'],
] as const;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const isMissing = (entrant: Entrant): entrant is MissingPeer => 'missing' in entrant;
const right = ({ solved, wrong }: Runs) => solved - wrong;
const ratio = (value: number) => (Number.isFinite(value) ? value.toFixed(value < 0.1 ? 3 : 2) : '–');

function cell(entrant: Entrant, runs: Runs | undefined): string {
  if (isMissing(entrant)) return 'not installed';
  if (!runs) return '–';
  const { count, solved, wrong, wall_ms, cpu_ms } = runs;
  const notes = [
    ...(solved < count ? [`${solved} of ${count} solved`] : []),
    ...(wrong > 0 ? [`**${wrong} wrong**`] : []),
  ];
  if (solved === 0) return 'not solved';
  const times = right(runs) > 0 ? [`${wall_ms.toFixed(0)} (${cpu_ms.toFixed(0)})`] : [];
  return [...times, ...notes].join(', ');
}

/** One row for each photograph and manner: milliseconds of wall and, in brackets, CPU time; then the first program's share of the others' wall time. */
export function table(entrants: readonly Entrant[], cases: readonly Case[]): string {
  const [first, ...others] = entrants;
  const rivals = others.filter((each) => !isMissing(each) && !each.own);
  const head = [
    'photograph',
    'Mpx',
    '',
    ...entrants.map(({ name }) => name),
    ...rivals.map(({ name }) => `${first?.name} ÷ ${name}`),
  ];
  const alignment = head.map((_, index) => (index === 0 || index === 2 ? '---' : '--:'));
  const rows = cases.map(({ photograph, hinted, runs }) => {
    const of = (name: string | undefined) => runs.find(({ peer }) => peer === name);
    const ratios = rivals.map(({ name }) =>
      ratio((of(first?.name)?.wall_ms ?? Number.NaN) / (of(name)?.wall_ms ?? Number.NaN)),
    );
    const cells = entrants.map((entrant) => cell(entrant, of(entrant.name)));
    return [
      photograph.name,
      photograph.megapixels.toFixed(1),
      hinted ? 'hinted' : 'blind',
      ...cells,
      ...ratios,
    ];
  });
  return [row(head), row(alignment), ...rows.map(row)].join('\n');
}

/** What the rows come to, for each program and manner. */
export function summary(entrants: readonly Entrant[], cases: readonly Case[]): string {
  const head = [
    'program',
    '',
    'photographs solved in every run',
    'wrong answers',
    'median ms (CPU)',
    'ours, warm: wall ratio, median',
    'worst',
    'ours slower on',
    'CPU ratio, median',
  ];
  const ours = entrants[0]?.name;
  const rows = entrants.flatMap((entrant) =>
    MANNERS.map(([hinted, manner]) => {
      if (isMissing(entrant)) return [entrant.name, manner, 'not installed', ...Array(6).fill('–')];
      const group = cases.filter((each) => each.hinted === hinted);
      const pairs = group.flatMap(({ runs }) => {
        const [own, theirs] = [ours, entrant.name].map((name) => runs.find(({ peer }) => peer === name));
        return own && theirs ? [{ own, theirs }] : [];
      });
      const all = pairs.map(({ theirs }) => theirs);
      const both = pairs.filter(({ own, theirs }) => right(own) > 0 && right(theirs) > 0);
      const times = all.filter((runs) => right(runs) > 0);
      const walls = both.map(({ own, theirs }) => own.wall_ms / theirs.wall_ms);
      const cpus = both.map(({ own, theirs }) => own.cpu_ms / theirs.cpu_ms);
      const middle = (key: 'wall_ms' | 'cpu_ms') => median(times.map((runs) => runs[key])).toFixed(0);
      return [
        entrant.name,
        manner,
        `${all.filter((runs) => right(runs) === runs.count).length} of ${all.length}`,
        String(all.reduce((sum, { wrong }) => sum + wrong, 0)),
        times.length > 0 ? `${middle('wall_ms')} (${middle('cpu_ms')})` : '–',
        ...(entrant.name === ours
          ? ['', '', '', '']
          : [
              ratio(median(walls)),
              ratio(Math.max(...walls)),
              `${walls.filter((wall) => wall > 1).length} of ${walls.length}`,
              ratio(median(cpus)),
            ]),
      ];
    }),
  );
  return [row(head), row(head.map((_, index) => (index < 2 ? '---' : '--:'))), ...rows.map(row)].join('\n');
}
