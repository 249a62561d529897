// biome-ignore-all lint/style/noNonNullAssertion: every index comes from a loop or a match over the same arrays.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTable } from '../../fits/table.js';
import { imageFits } from '../../fits/write.js';
import type { GreyImage, OpenedImage } from '../../image/image.js';
import { makeFolder } from '../../process/folders.js';
import { runProcess } from '../../process/run-process.js';
import type { StarList } from '../../stars/list.js';
import type { AttemptInput } from '../search/attempts.js';
import { givenList, ourStars } from '../search/star-list.js';

/** solve-field died over an image, or would not read it. */
export class ExtractionFailed extends Error {
  override readonly name = 'ExtractionFailed';
}

const NO_STARS: StarList = { x: [], y: [], flux: [], background: [], detected: 0 };

export interface StarListSource {
  image: OpenedImage;
  /** Path of solve-field. */
  program: string;
  scratch: string;
  log(text: string): void;
}

/** The star lists of one image: what several attempts need is made once, and not broken off when one of them ends. */
export class StarLists {
  readonly #source: StarListSource;
  readonly #made = new Map<string, Promise<StarList>>();
  readonly #closing = new AbortController();
  #first: StarList | undefined;

  constructor(source: StarListSource) {
    this.#source = source;
  }

  /** Rejects with `signal.reason` when the caller no longer waits. */
  get(input: AttemptInput, signal: AbortSignal): Promise<StarList> {
    const key = JSON.stringify(input);
    const list = this.#made.get(key) ?? this.#make(input);
    this.#made.set(key, list);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      list.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  async #make(input: AttemptInput): Promise<StarList> {
    const isFirst = this.#made.size === 0;
    const list = await makeList(this.#source, input, this.#closing.signal);
    if (isFirst) this.#first = list;
    return list;
  }

  /** The list that was asked for first; undefined as long as it is not made. */
  get first(): StarList | undefined {
    return this.#first;
  }

  /** Ends what is still being made; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#made.values());
  }
}

function makeList(source: StarListSource, input: AttemptInput, signal: AbortSignal): Promise<StarList> {
  if (input.from === 'our-stars') return ourStars(source.image, input, signal);
  if (input.from === 'given-list') return givenList(source.image);
  return extractedStars(source, input.shrink, signal);
}

/** What is not 3.5 times the noise for us is not 8 times the noise for solve-field, which takes seconds to say so. */
async function isStarless(image: OpenedImage, shrink: number, signal: AbortSignal): Promise<boolean> {
  const faint = { from: 'our-stars', shrink, sigmas: 3.5, boxes: 10 } as const;
  return (await ourStars(image, faint, signal)).detected === 0;
}

/** solve-field's own list: its extraction, its removal of lines, its order, of the pixels that we decoded. */
async function extractedStars(
  source: StarListSource,
  shrink: number,
  signal: AbortSignal,
): Promise<StarList> {
  if (await isStarless(source.image, shrink, signal)) return NO_STARS;
  const folder = await makeFolder(source.scratch, `extract-${shrink}`);
  const grey = await source.image.grey(shrink, signal);
  await writeFile(join(folder, 'image.fits'), Buffer.concat([...imageFits(asFloat(grey))]));
  await runProcess({
    program: source.program,
    args: [
      '--fits-image',
      '--dont-augment',
      '--keep-xylist',
      'stars.xyls',
      '--no-plots',
      '--overwrite',
      '--temp-dir',
      '.',
      'image.fits',
    ],
    cwd: folder,
    signal,
    killAfterMs: 0,
    onLine: (line) => source.log(`[extract-${shrink}] ${line}\n`),
  });
  const list = await readFile(join(folder, 'stars.xyls')).catch((cause: unknown) => {
    throw new ExtractionFailed('solve-field extracted no stars', { cause });
  });
  const table = await readTable(list);
  const [scaleX, scaleY] = grey.scale;
  return {
    // Positions p of the shrunk image are FITS ones, from 1.
    x: Array.from(table.column('X'), (x) => (x - 0.5) * scaleX + 0.5).slice(0, 1000),
    y: Array.from(table.column('Y'), (y) => (y - 0.5) * scaleY + 0.5).slice(0, 1000),
    flux: Array.from(table.column('FLUX')).slice(0, 1000),
    background: Array.from(table.column('BACKGROUND')).slice(0, 1000),
    detected: table.rows,
  };
}

/** solve-field takes other thresholds for eight bits than for anything else. */
function asFloat(grey: GreyImage): { width: number; height: number; planes: [Float32Array] } {
  return { width: grey.width, height: grey.height, planes: [Float32Array.from(grey.data)] };
}
