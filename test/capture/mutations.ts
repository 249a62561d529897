import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readCapture } from '../../src/capture/capture.js';
import { deriveHints } from '../../src/capture/derive-hints.js';
import { solarSystemBodies } from '../../src/catalog/solar-system.js';
import { parseHeader } from '../../src/fits/header.js';
import type { OpenedImage } from '../../src/image/image.js';
import { openImage } from '../../src/image/open.js';
import { captureSchema } from '../../src/job/capture.js';
import { AstroJobsError } from '../../src/job/errors.js';
import { containerWith } from '../image/containers.js';
import type { TiffTag } from '../image/files.js';
import { seededRandom } from '../sky/random.js';
import { exifOf, exifSegment, jpegWith } from './containers.js';
import { openedImage, WRITERS } from './headers.js';

type Uniform = () => number;

const pick = <T>(uniform: Uniform, values: readonly T[]): T => values[Math.floor(uniform() * values.length)]!;

/** Values that stand where others were expected. */
const NASTY = [
  '',
  "''",
  "'",
  'T',
  'NaN',
  '-Infinity',
  '1E999',
  '-0',
  '0',
  '65535',
  '-999',
  '99999999999999999999999999',
  '1E-320',
  "'60,5'",
  "'1,500'",
  "'05 34 31.9'",
  "'-0 0 0'",
  "'24:00:00'",
  "'23:59:60'",
  "'2016-12-31T23:59:60+99:99'",
  "'2024-02-30T24:61:61.999999999999'",
  "'-271821-04-20'",
  "'275760-09-13T00:00:01'",
  "'31/31/31'",
  "'12/31/99 11:08:19 PM'",
  "'0000:00:00 00:00:00'",
  "'---------------------------------------------'",
  "'((((((((((((((((((((((((((((((((((((((((((('",
  "'                                          x'",
  "'1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1'",
  "'\u00e9\u0000\u0007\u202e'",
  "'12h12h12h'",
  "'N S E W'",
];
const COMMENTS = [
  '',
  '[s]',
  '[ms] in us (min)',
  '[deg west]',
  '[h]',
  '(rad)',
  'in in in in in in in',
  'local time UTC+99',
  '[[[[[[[[[[[[[[[[',
  '((((((((((((((((((( in in (',
  'west positive east negative',
  'JNOW',
];

function mutatedCard(uniform: Uniform, card: string): string {
  const kind = Math.floor(uniform() * 6);
  const name = card.slice(0, 8);
  if (kind === 0) return `${name}= ${pick(uniform, NASTY)} / ${pick(uniform, COMMENTS)}`;
  if (kind === 1) return `${name}= ${pick(uniform, NASTY)}`;
  if (kind === 2) return `${card.split(' / ')[0]} / ${pick(uniform, COMMENTS)}`;
  if (kind === 3) return card.slice(0, Math.floor(uniform() * card.length));
  if (kind === 4) return `${name}= ${(uniform() - 0.5) * 10 ** Math.floor(uniform() * 40 - 10)}`;
  const at = Math.floor(uniform() * card.length);
  return `${card.slice(0, at)}${String.fromCharCode(Math.floor(uniform() * 256))}${card.slice(at + 1)}`;
}

/** The header of one program, with a few cards changed, doubled, or taken from another program. */
function mutatedHeader(uniform: Uniform): OpenedImage {
  const writers = Object.values(WRITERS);
  const cards = pick(uniform, writers).split('\n');
  const others = pick(uniform, writers).split('\n');
  for (let i = 0; i < 1 + uniform() * 8; i++) {
    const at = Math.floor(uniform() * cards.length);
    const changed = mutatedCard(uniform, pick(uniform, uniform() < 0.7 ? cards : others));
    if (uniform() < 0.7) cards[at] = changed;
    else cards.splice(at, 0, changed);
  }
  const bytes = Buffer.from(cards.map((card) => card.padEnd(80).slice(0, 80)).join(''), 'latin1');
  return openedImage({ fitsHeader: parseHeader(bytes), kind: 'fits' });
}

const PHOTO_TAGS = [
  0x829a, 0x829d, 0x8827, 0x8832, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9291, 0x920a, 0xa002, 0xa003,
  0xa20e, 0xa20f, 0xa210, 0xa405, 0xa434,
];
const IMAGE_TAGS = [0x010f, 0x0110, 0x0112, 0x0131, 0x0132];
const GPS_TAGS = [1, 2, 3, 4, 5, 6, 7, 29];

function randomTag(uniform: Uniform, tag: number): TiffTag {
  const type = pick(uniform, [1, 2, 2, 2, 3, 4, 5, 5, 7, 9, 10]);
  if (type === 2 || (type === 7 && uniform() < 0.5)) {
    return { tag, type, values: Buffer.from(`${pick(uniform, NASTY).replaceAll("'", '')}\0`, 'utf8') };
  }
  const large = uniform() < 0.1;
  const limit = type === 1 || type === 7 ? 256 : type === 3 ? 65_536 : large ? 2 ** 32 : 100;
  const pairs = type === 5 || type === 10 ? 2 : 1;
  const count = pairs * pick(uniform, [1, 1, 2, 3, 3, 4]);
  const values = Array.from({ length: count }, () => Math.floor(uniform() * limit));
  return type === 7 ? { tag, type, values: Buffer.from(values) } : { tag, type, values };
}

/** An EXIF block of tags of any type and value, some of its bytes changed or cut off. */
function mutatedExif(uniform: Uniform): OpenedImage {
  const some = (tags: readonly number[]) =>
    tags.filter(() => uniform() < 0.6).map((tag) => randomTag(uniform, tag));
  const block = exifOf(
    { image: some(IMAGE_TAGS), photo: some(PHOTO_TAGS), gps: some(GPS_TAGS) },
    uniform() < 0.5,
  );
  if (uniform() < 0.3) {
    for (let i = 0; i < 1 + uniform() * 6; i++) {
      block[Math.floor(uniform() * block.length)] = Math.floor(uniform() * 256);
    }
  }
  const end = uniform() < 0.1 ? Math.floor(uniform() * block.length) : block.length;
  return openedImage({ exif: block.subarray(0, end), kind: 'png' });
}

/** The same in a JPEG, which another library reads. */
async function mutatedJpeg(uniform: Uniform, folder: string): Promise<OpenedImage> {
  const image = mutatedExif(uniform);
  const path = join(folder, 'mutated.jpg');
  await writeFile(path, await jpegWith(exifSegment(Buffer.from(image.exif ?? []))));
  return { ...image, kind: 'jpeg', path };
}

/** What a file may be refused with; anything else is a fault of the reader. */
const REFUSALS = new Set(['corrupt_image', 'unsupported_image', 'image_too_large']);

/** A container with the values of a header among its bytes, some of them changed or cut off. */
async function mutatedContainer(uniform: Uniform, folder: string): Promise<OpenedImage | undefined> {
  const bytes = containerWith(uniform, () => pick(uniform, NASTY).replaceAll("'", ''));
  for (let i = 0; i < uniform() * 6; i++) {
    // Headers stand at the start, and directories at the end.
    const at = Math.floor(uniform() ** 2 * bytes.length);
    bytes[uniform() < 0.7 ? at : bytes.length - 1 - at] = Math.floor(uniform() * 256);
  }
  const end = uniform() < 0.1 ? Math.floor(uniform() * bytes.length) : bytes.length;
  const path = join(folder, 'mutated.bin');
  await writeFile(path, bytes.subarray(0, end));
  try {
    const image = await openImage(path, { maxPixels: 1e6 });
    if (uniform() < 0.2) await image.grey(1 + Math.floor(uniform() * 3));
    return image;
  } catch (thrown) {
    if (thrown instanceof AstroJobsError && REFUSALS.has(thrown.code)) return undefined;
    throw thrown;
  }
}

/** What is wrong with what was read from an image, `undefined` when nothing is. */
async function problemOf(image: OpenedImage): Promise<string | undefined> {
  const capture = await readCapture(image);
  const json = JSON.stringify(capture);
  const parsed = captureSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return `not valid against the schema: ${parsed.error.message}`;
  if (/null|\\u00[01]/.test(json.replaceAll('(null)', ''))) return `null or control characters: ${json}`;
  if (!isDeepStrictEqual(JSON.parse(json), capture)) return `changed by JSON: ${json}`;
  const { hints } = deriveHints(image, capture);
  const numbers = hints.positions.flatMap(({ ra_deg, dec_deg }) => [ra_deg, dec_deg]);
  if (!numbers.every(Number.isFinite)) return `hints that are no numbers: ${JSON.stringify(hints)}`;
  const { datetime, datetime_utc: utc, gps } = capture;
  if (utc !== undefined) {
    if (!utc.endsWith('Z') || Number.isNaN(Date.parse(utc))) return `${utc} is no instant`;
    solarSystemBodies(utc, gps);
  }
  if (datetime !== undefined && !/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?)?$/.test(datetime)) {
    return `${datetime} is no date`;
  }
  if (gps && !(Math.abs(gps.lat) <= 90 && Math.abs(gps.lon) <= 180)) return `no place: ${json}`;
  return undefined;
}

async function mutated(uniform: Uniform, folder: string, number: number): Promise<OpenedImage | undefined> {
  if (number % 2 === 0) return mutatedHeader(uniform);
  if (number % 20 === 1) return mutatedJpeg(uniform, folder);
  return number % 10 === 3 ? mutatedContainer(uniform, folder) : mutatedExif(uniform);
}

export interface Tried {
  count: number;
  /** Containers that were refused, by their proper codes. */
  refused: number;
  /** Wall clock and processor time of the slowest, milliseconds. */
  slowest: number;
  slowestProcessor: number;
  /** Seed and number of those that failed, with what was wrong. */
  problems: string[];
}

/** Reads `count` mutated headers, EXIF blocks and containers; the same seed makes the same ones. */
export async function tryMutations(seed: number, count: number): Promise<Tried> {
  const { uniform } = seededRandom(seed);
  const tried: Tried = { count, refused: 0, slowest: 0, slowestProcessor: 0, problems: [] };
  const folder = await mkdtemp(join(tmpdir(), 'astro-jobs-mutations-'));
  // Modules are loaded when the first file of a kind is opened, which counts for none of them.
  const first = seededRandom(seed).uniform;
  for (let i = 0; i < Math.min(count, 60); i++) await mutatedContainer(first, folder).catch(() => undefined);
  for (let i = 0; i < count; i++) {
    let [start, used] = [performance.now(), process.cpuUsage()];
    const problem = await (async () => {
      const image = await mutated(uniform, folder, i);
      // Of a container the opening counts as well.
      if (i % 10 !== 3) [start, used] = [performance.now(), process.cpuUsage()];
      if (image) return problemOf(image);
      tried.refused++;
      return undefined;
    })().catch((thrown: unknown) => `it throws: ${String(thrown)}`);
    tried.slowest = Math.max(tried.slowest, performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    tried.slowestProcessor = Math.max(tried.slowestProcessor, (user + system) / 1000);
    if (problem !== undefined) tried.problems.push(`seed ${seed}, number ${i}: ${problem.slice(0, 1000)}`);
  }
  await rm(folder, { recursive: true });
  return tried;
}
