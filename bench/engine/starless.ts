// biome-ignore-all lint/style/noNonNullAssertion: a remainder of the number of kinds is one of them.
import { detectStars } from '../../src/stars/detect.js';
import { listsOf, wideListsOf } from '../../src/stars/list.js';
import { STARLESS, starless } from '../../test/sky/starless.js';
import { type EngineBench, quantile, type Seeds, timed, times } from './bench.js';

/** Pictures without stars, searched blind to the end, as a pinhole camera's and as a fisheye lens's, their specks found as stars are. */
export async function benchStarless(
  { engine, takeBest }: EngineBench,
  { from, count }: Seeds,
): Promise<boolean> {
  const [spent, highest, specks] = [[] as number[], [] as number[], [] as number[]];
  let wrong = 0;
  for (let seed = from; seed < from + count; seed++) {
    const kind = STARLESS[seed % STARLESS.length]!;
    const canvas = starless(kind, seed);
    const { width, height } = canvas;
    const data = Uint8Array.from(canvas.data, (value) => Math.max(0, Math.min(255, Math.round(255 * value))));
    const found = await detectStars({ data, width, height, scale: [1, 1] }, canvas);
    specks.push(found.length);
    takeBest();
    const questions = [
      { stars: listsOf(found, canvas), width, height },
      { stars: wideListsOf(found, canvas), width, height, lens: 'fisheye' as const },
    ];
    for (const question of questions) {
      const { answer, cpu_ms } = timed(engine, question);
      spent.push(cpu_ms);
      const best = takeBest();
      if (Number.isFinite(best) && !answer.solved) highest.push(best);
      if (!answer.solved) continue;
      wrong++;
      console.log(
        `WRONG ${kind}, seed ${seed}: log odds ${answer.log_odds.toFixed(1)}, ${answer.matches.length} matched`,
      );
    }
  }
  console.log(
    `starless: ${wrong} wrong of ${count}; ${quantile(specks, 0.5)} specks in the median; ${times(spent)}`,
  );
  console.log(`highest log odds of what was refused: most ${Math.max(...highest).toFixed(1)}`);
  return wrong === 0;
}
