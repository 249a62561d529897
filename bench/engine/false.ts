import type { SolveQuestion } from '../../src/engine/question.js';
import { INVENTIONS, inventField, renderField, shuffleField } from '../../test/engine/fields.js';
import { isRight } from '../../test/engine/truth.js';
import { FISHEYES, type Fisheye } from '../../test/sky/all-sky.js';
import { type EngineBench, quantile, type Seeds, timed, times } from './bench.js';

interface Case {
  name: string;
  question: SolveQuestion;
  /** Whether an answer, if there is one, is right. */
  isRight(answer: Parameters<typeof isRight>[0]): boolean;
}

/** Lists that have no solution, or none that is a pinhole camera's, searched to the end; `shuffled-fisheyes` as fisheye images. */
export function benchFalse(
  { engine, catalog, takeBest }: EngineBench,
  what: 'shuffled' | 'invented' | 'fisheyes' | 'shuffled-fisheyes',
  { from, count }: Seeds,
): boolean {
  const make = (seed: number): Case => {
    if (what === 'invented') {
      const kind = INVENTIONS[seed % INVENTIONS.length]!;
      return {
        name: kind,
        question: { stars: inventField(kind, seed), width: 1500, height: 1000 },
        isRight: () => false,
      };
    }
    if (what === 'shuffled') {
      const { stars, width, height } = shuffleField(renderField(catalog, seed), seed + 1);
      return { name: 'shuffled', question: { stars, width, height }, isRight: () => false };
    }
    const names = Object.keys(FISHEYES) as Fisheye[];
    const name = names[seed % names.length]!;
    // A circle of 180° in a square, or cut at top and bottom as cameras do.
    const field = renderField(catalog, seed, {
      width: 1400,
      height: seed % 8 < 4 ? 1400 : 1000,
      width_deg: 180,
      trueStars: 40 + ((seed * 37) % 260),
      projection: FISHEYES[name],
      furthest: Math.PI / 2 - 0.05,
    });
    const { width, height } = field;
    if (what === 'shuffled-fisheyes') {
      const { stars } = shuffleField(field, seed + 1);
      return { name, question: { stars, width, height, lens: 'fisheye' }, isRight: () => false };
    }
    const { stars } = field;
    return { name, question: { stars, width, height }, isRight: (answer) => isRight(answer, field) };
  };
  const highest: number[] = [];
  const spent: number[] = [];
  let [wrong, right] = [0, 0];
  for (let seed = from; seed < from + count; seed++) {
    const { name, question, isRight: check } = make(seed);
    takeBest();
    const { answer, cpu_ms } = timed(engine, question);
    spent.push(cpu_ms);
    if (!answer.solved) highest.push(takeBest());
    else if (check(answer)) right++;
    else {
      wrong++;
      console.log(
        `WRONG ${name}, seed ${seed}: log odds ${answer.log_odds.toFixed(1)} ${JSON.stringify(answer.evidence)}`,
      );
    }
  }
  console.log(`${what}: ${wrong} wrong and ${right} right of ${count}; ${times(spent)}`);
  const tail = [0.5, 0.9, 0.99]
    .map((part) => `${100 * part} % ${quantile(highest, part).toFixed(1)}`)
    .join(', ');
  console.log(`highest log odds of what was refused: ${tail}, most ${Math.max(...highest).toFixed(1)}`);
  return wrong === 0;
}
