import type { SolveQuestion } from '../../src/engine/question.js';
import { type RenderedField, renderField } from '../../test/engine/fields.js';
import { errorOf, isRight } from '../../test/engine/truth.js';
import { type EngineBench, type Seeds, timed, times } from './bench.js';

/** Classes of the curves of success. */
const STARS = [12, 15, 20, 30, 50, 100, Number.POSITIVE_INFINITY];
const WIDTHS_DEG = [1.5, 2.5, 5, 10, 20, 40, 70, Number.POSITIVE_INFINITY];

interface Outcome {
  field: RenderedField;
  isFound: boolean;
}

/** Fields as issue 12 describes them, blind: uniform in log width 1.5°–100°, with false and missing stars. */
export function benchRendered(bench: EngineBench, seeds: Seeds): boolean {
  return run(bench, seeds, (seed) => renderField(bench.catalog, seed));
}

/** Fields of 90° through lenses with a few per cent of barrel distortion, some of it wavy. */
export function benchLenses(bench: EngineBench, seeds: Seeds): boolean {
  return run(bench, seeds, (seed) => {
    const barrel = 0.02 + 0.02 * ((seed % 7) / 6);
    const wave = 0.006 * ((seed % 5) / 4);
    return renderField(bench.catalog, seed, {
      width_deg: 90,
      trueStars: 120,
      projection: (angle) => {
        const t = Math.tan(angle);
        return t * (1 - barrel * t * t + wave * t ** 4);
      },
      furthest: 0.98,
    });
  });
}

function run(
  { engine, takeBest }: EngineBench,
  { from, count }: Seeds,
  make: (seed: number) => RenderedField,
): boolean {
  const outcomes: Outcome[] = [];
  const spent: number[] = [];
  const lost: string[] = [];
  let wrong = 0;
  for (let seed = from; seed < from + count; seed++) {
    const field = make(seed);
    takeBest();
    const { answer, cpu_ms } = timed(engine, question(field));
    spent.push(cpu_ms);
    const isFound = answer.solved && isRight(answer, field);
    outcomes.push({ field, isFound });
    const about = `seed ${seed}: ${field.width_deg.toFixed(1)}°, ${field.trueStars} of ${field.stars.x.length} stars true`;
    if (answer.solved && !isFound) {
      wrong++;
      console.log(
        `WRONG ${about}, off by ${errorOf(answer, field).toFixed(4)} diagonals, log odds ${answer.log_odds.toFixed(1)} ${JSON.stringify(answer.evidence)}`,
      );
    } else if (!isFound) lost.push(`${about}; best ${takeBest().toFixed(1)}`);
  }
  const found = outcomes.filter(({ isFound }) => isFound).length;
  for (const line of lost.slice(0, 40)) console.log(`not found: ${line}`);
  console.log(
    `${found} of ${count} found (${((100 * found) / count).toFixed(2)} %), ${wrong} wrong; ${times(spent)}`,
  );
  curve('true stars', outcomes, STARS, ({ trueStars }) => trueStars);
  curve('degrees', outcomes, WIDTHS_DEG, ({ width_deg }) => width_deg);
  return wrong === 0;
}

function question({ stars, width, height }: RenderedField): SolveQuestion {
  return { stars, width, height };
}

function curve(
  name: string,
  outcomes: Outcome[],
  edges: number[],
  value: (field: RenderedField) => number,
): void {
  for (const [i, low] of edges.slice(0, -1).entries()) {
    const high = edges[i + 1]!;
    const here = outcomes.filter(({ field }) => value(field) >= low && value(field) < high);
    const found = here.filter(({ isFound }) => isFound).length;
    if (here.length > 0) console.log(`  ${low}–${high} ${name}: ${found} of ${here.length}`);
  }
}
