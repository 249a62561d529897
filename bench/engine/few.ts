import type { FieldBounds, SolveQuestion } from '../../src/engine/question.js';
import { type RenderedField, renderField } from '../../test/engine/fields.js';
import { errorOf, isRight } from '../../test/engine/truth.js';
import { seededRandom } from '../../test/sky/random.js';
import { type EngineBench, quantile, type Seeds, timed, times } from './bench.js';

/** Stars of a list, and false ones among them. */
const LISTS = [
  [4, 0],
  [5, 0],
  [5, 2],
  [6, 0],
  [8, 4],
] as const;
/** How well the position is known, in heights of the image, and the scale, as a share of it. */
const HINTS = [
  [0.25, 0.03],
  [0.5, 0.03],
  [0.5, 0.1],
  [1, 0.1],
] as const;
const WIDEST_DEG = 20;

/** Fields of a few stars whose position and scale are nearly known; and as many stars that are strewn at random. */
export function benchFew({ engine, catalog, takeBest }: EngineBench, { from, count }: Seeds): boolean {
  const spent: number[] = [];
  const refused: number[] = [];
  let wrong = 0;
  for (const [stars, falseStars] of LISTS) {
    for (const [radius, range] of HINTS) {
      let [found, wrongHere] = [0, 0];
      for (let seed = from; seed < from + count; seed++) {
        const random = seededRandom(seed);
        const field = fewOf(
          renderField(catalog, seed, {
            width_deg: 1.5 * (WIDEST_DEG / 1.5) ** random.uniform(),
            falseShare: 0,
            missing: 0.1,
          }),
          stars,
          falseStars,
          random,
        );
        const bounds = hint(field, radius, range, random);
        const { answer, cpu_ms } = timed(engine, questionOf(field, bounds));
        spent.push(cpu_ms);
        if (answer.solved && isRight(answer, field)) found++;
        else if (answer.solved) {
          wrongHere++;
          console.log(
            `WRONG seed ${seed}: off by ${(100 * errorOf(answer, field)).toFixed(1)} % of the diagonal, log odds ${answer.log_odds.toFixed(1)}`,
          );
        }
        takeBest();
        const anywhere = engine.solve(questionOf(strewn(field, random), bounds));
        const best = takeBest();
        if (anywhere.solved) wrongHere++;
        else if (Number.isFinite(best)) refused.push(best);
      }
      wrong += wrongHere;
      console.log(
        `${stars} stars and ${falseStars} false ones, within ${radius} heights and ${100 * range} %: ${found} of ${count} found, ${wrongHere} wrong`,
      );
    }
  }
  console.log(`few: ${wrong} wrong; ${times(spent)}`);
  console.log(
    `highest log odds of strewn stars: 99 % ${quantile(refused, 0.99).toFixed(1)}, most ${Math.max(...refused).toFixed(1)}`,
  );
  return wrong === 0;
}

function fewOf(
  { stars, ...field }: RenderedField,
  count: number,
  falseStars: number,
  random: ReturnType<typeof seededRandom>,
): RenderedField {
  const others = Array.from({ length: falseStars }, () => [
    1 + random.uniform() * (field.width - 1),
    1 + random.uniform() * (field.height - 1),
  ]);
  const flux = stars.flux.slice(0, count);
  return {
    ...field,
    trueStars: count,
    stars: {
      x: [...stars.x.slice(0, count), ...others.map(([x = 1]) => x)],
      y: [...stars.y.slice(0, count), ...others.map(([, y = 1]) => y)],
      flux: [...flux, ...others.map((_, i) => flux[i % count] ?? 1)],
    },
  };
}

/** As many stars anywhere: dealing the coordinates of a few anew would leave some where they are. */
function strewn(field: RenderedField, random: ReturnType<typeof seededRandom>): RenderedField {
  const { stars, width, height } = field;
  const x = stars.x.map(() => 1 + random.uniform() * (width - 1));
  const y = stars.y.map(() => 1 + random.uniform() * (height - 1));
  return { ...field, stars: { ...stars, x, y } };
}

function hint(
  { ra_deg, dec_deg, scale, height }: RenderedField,
  radius: number,
  range: number,
  random: ReturnType<typeof seededRandom>,
): FieldBounds {
  const radius_deg = (radius * height * scale) / 3600;
  const [along, off_deg] = [2 * Math.PI * random.uniform(), 0.9 * radius_deg * Math.sqrt(random.uniform())];
  const dec = Math.max(-89, Math.min(89, dec_deg + off_deg * Math.cos(along)));
  const cos = Math.cos((dec_deg * Math.PI) / 180);
  return {
    position: {
      ra_deg: (ra_deg + (off_deg * Math.sin(along)) / Math.max(0.1, cos) + 360) % 360,
      dec_deg: dec,
      radius_deg,
    },
    scale: { low: scale * (1 - range), high: scale * (1 + range) },
  };
}

function questionOf({ stars, width, height }: RenderedField, bounds: FieldBounds): SolveQuestion {
  return { stars, width, height, bounds };
}
