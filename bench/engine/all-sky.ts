import { detectStars } from '../../src/stars/detect.js';
import { wideListsOf } from '../../src/stars/list.js';
import { type AllSky, FISHEYES, type Fisheye, renderAllSky, skyError } from '../../test/sky/all-sky.js';
import { type EngineBench, type Seeds, timed, times } from './bench.js';

const PROJECTIONS = (Object.keys(FISHEYES) as Fisheye[]).slice(0, 3);
/** Of a solved sky, degrees. */
const MAX_RMS_DEG = 0.05;

/** Rendered all-sky skies: three projections, tilt, horizon, the Moon in every third, clouds over up to half of the sky. */
export async function benchAllSky(
  { engine, catalog }: EngineBench,
  { from, count }: Seeds,
): Promise<boolean> {
  const spent: number[] = [];
  let good = 0;
  for (let seed = from; seed < from + count; seed++) {
    const sky = rendered(catalog.data, seed);
    const { data, width, height } = sky;
    const grey = {
      data: Uint8Array.from(data, (value) => 255 * value + 0.5),
      width,
      height,
      scale: [1, 1] as [number, number],
    };
    const found = await detectStars(grey, sky, { sigmas: 5 });
    const { answer, cpu_ms } = timed(engine, {
      stars: wideListsOf(found, sky),
      width,
      height,
      lens: 'fisheye',
    });
    spent.push(cpu_ms);
    const about = `seed ${seed}: ${PROJECTIONS[seed % 3]}, ${found.length} stars, ${cpu_ms.toFixed(0)} ms`;
    if (!answer.solved) {
      console.log(`not solved ${about} ${JSON.stringify(answer.counts)}`);
      continue;
    }
    const { rms, most } = skyError(answer.wcs, sky);
    if (rms <= MAX_RMS_DEG && answer.parity === sky.parity) good++;
    console.log(
      `${about}: ${answer.wcs.projection}, ${answer.matches.length} matched, log odds ${answer.log_odds.toFixed(0)}, rms ${rms.toFixed(4)}°, most ${most.toFixed(3)}°`,
    );
  }
  console.log(`all-sky: ${good} of ${count} with an rms of at most ${MAX_RMS_DEG}°; ${times(spent)}`);
  return good === count;
}

function rendered(stars: Parameters<typeof renderAllSky>[0]['stars'], seed: number): AllSky {
  const part = (step: number) => ((seed * step) % 97) / 97;
  return renderAllSky({
    stars,
    seed,
    projection: PROJECTIONS[seed % 3]!,
    width: seed % 2 === 0 ? 1400 : 1600,
    height: seed % 2 === 0 ? 1400 : 1200,
    bend: 0.02 * (part(31) - 0.5),
    tilt_deg: 15 * part(17),
    parity: seed % 4 < 2 ? 1 : -1,
    clouds: 0.5 * part(53),
    hasMoon: seed % 3 === 0,
  });
}
