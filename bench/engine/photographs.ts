import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StarList } from '../../src/engine/field.js';
import type { FieldBounds } from '../../src/engine/question.js';
import type { OpenedImage } from '../../src/image/image.js';
import { openImage } from '../../src/image/open.js';
import { cleanStars } from '../../src/stars/clean.js';
import { findStars } from '../../src/stars/find.js';
import { byBrightness, spreadEvenly } from '../../src/stars/order.js';
import { separation } from '../../src/wcs/sphere.js';
import { pixelToSky } from '../../src/wcs/tan-sip.js';
import { type EngineBench, timed, times } from './bench.js';

/** One image of manifest.json: a list of these. */
interface Listed {
  file: string;
  /** What plain solve-field found, where it found something. */
  plain_solve_field?: {
    ra_center?: number | null;
    dec_center?: number | null;
    fov_deg?: [number, number] | null;
    pixscale_arcsec?: number | null;
  };
}

/** A centre that is off by more than this share of the field's diagonal is wrong. */
const MAX_OFF = 0.03;
const MAX_PIXELS = 3_500_000;
const LISTED = 300;

/**
 * Photographs that plain solve-field solves, blind or with a scale to 20 %.
 * @param narrowest_deg fields narrower than this may stay unsolved
 */
export async function benchPhotographs(
  { engine, takeBest }: EngineBench,
  dir: string,
  isHinted: boolean,
  narrowest_deg: number,
): Promise<boolean> {
  const manifest = JSON.parse(await readFile(join(dir, 'manifest.json'), 'utf8')) as Listed[];
  const spent: number[] = [];
  let [asked, found, wrong] = [0, 0, 0];
  for (const { file, plain_solve_field: plain } of manifest) {
    const image = await openImage(join(dir, file)).catch(() => undefined);
    const lists = image && (await starLists(image).catch(() => undefined));
    if (!image || !lists) continue;
    const { width, height } = image;
    const scale = plain?.pixscale_arcsec;
    const bounds: FieldBounds = isHinted && scale ? { scale: { low: 0.8 * scale, high: 1.2 * scale } } : {};
    takeBest();
    const { answer, cpu_ms } = timed(engine, { stars: lists, width, height, bounds });
    const isAsked = (plain?.fov_deg?.[0] ?? 0) >= narrowest_deg;
    let verdict = answer.solved ? 'solved, no truth' : answer.reason;
    if (isAsked) {
      asked++;
      spent.push(cpu_ms);
    }
    if (answer.solved && plain?.ra_center != null && plain.dec_center != null && plain.fov_deg) {
      const [ra, dec] = pixelToSky(answer.wcs, (width + 1) / 2, (height + 1) / 2);
      const off = separation(ra, dec, plain.ra_center, plain.dec_center);
      const isTrue = off <= MAX_OFF * Math.hypot(...plain.fov_deg);
      verdict = isTrue ? 'right' : `WRONG by ${off.toFixed(2)}°`;
      if (!isTrue) wrong++;
      else if (isAsked) found++;
    }
    const odds = answer.solved ? `log odds ${answer.log_odds.toFixed(1)}` : `best ${takeBest().toFixed(1)}`;
    const place = answer.solved
      ? pixelToSky(answer.wcs, width / 2, height / 2).map((value) => value.toFixed(2))
      : [];
    console.log(
      `${file}: ${plain?.fov_deg?.[0] ?? '?'}°, ${verdict} ${place.join(' ')}, ${odds}, ${cpu_ms.toFixed(1)} ms, ${Object.values(answer.counts).join('/')}`,
    );
  }
  console.log(`${found} of ${asked} at least ${narrowest_deg}° wide found, ${wrong} wrong; ${times(spent)}`);
  return wrong === 0 && found === asked;
}

/** The lists that a solver would make: shrunk by 2, 1, 4; spread over the image, and by brightness alone. */
async function starLists(image: OpenedImage): Promise<StarList[]> {
  const lists: StarList[] = [];
  for (const shrink of [2, 1, 4]) {
    const isTooLarge = (image.width * image.height) / shrink ** 2 > MAX_PIXELS;
    if (isTooLarge || (shrink > 1 && Math.min(image.width, image.height) / shrink < 100)) continue;
    const ordered = byBrightness(cleanStars(await findStars(await image.grey(shrink)), image));
    for (const stars of [spreadEvenly(ordered, image, 10), ordered]) {
      const kept = stars.slice(0, LISTED);
      lists.push({
        x: kept.map(({ x }) => x),
        y: kept.map(({ y }) => y),
        flux: kept.map(({ peak, area }) => peak * (1 + area * 1e-4)),
      });
    }
  }
  return lists;
}
