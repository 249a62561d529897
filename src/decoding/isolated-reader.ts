import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULTS } from '../defaults.js';
import type { PictureSource } from '../export/exported-file.js';
import { requiredFile, wholeFile } from '../export/exported-file.js';
import { FitsHeader } from '../fits/header.js';
import type { GreyImage, OpenedImage, RgbaPixels } from '../image/image.js';
import type { StarTable } from '../image/star-columns.js';
import type { Measurement } from '../measure/measurement.js';
import { makeScratch } from '../process/scratch.js';
import type { DecoderPool } from './child/decoder-pool.js';
import type { ExportedFrom, ImageRef, Order, PlaneData, ReadingData } from './child/protocol.js';
import type { ImageReader } from './image-reader.js';
import { patience } from './patience.js';

/** What jobs leave that pictures are made of. */
const SOLUTION_FILES = ['solution.wcs', 'solution.axy', 'solution.corr'] as const;

let lastId = 0;

/** Reads images in child processes, which are ended when they take too long or too much memory. */
export class IsolatedReader implements ImageReader {
  readonly #pool: DecoderPool;
  readonly #scratchDir: string | undefined;

  /** @param scratchDir where files that a child writes are kept until they are read; default: the system's temporary folder */
  constructor(pool: DecoderPool, scratchDir?: string) {
    this.#pool = pool;
    this.#scratchDir = scratchDir;
  }

  readonly read: ImageReader['read'] = async (path, options, signal) => {
    lastId += 1;
    const ref: ImageRef = { id: lastId, path, options };
    const { value } = await this.#run({ verb: 'read', image: ref }, signal, ref);
    const { header, hasList, isDecodedElsewhere, image, ...rest } = value as ReadingData;
    return {
      ...rest,
      findStars: async (finding, ending) =>
        (await this.#run({ verb: 'find-stars', image: ref, finding }, ending, ref)).value as Float64Array,
      measure: async (found, binning, ending) =>
        (await this.#run({ verb: 'measure', image: ref, found, binning }, ending, ref)).value as Measurement,
      image: {
        ...image,
        ...(header && { fitsHeader: new FitsHeader(header.cards, header.notes) }),
        ...this.#pixelsOf(ref, { hasList, isDecodedElsewhere }),
      },
    };
  };

  readonly annotate: ImageReader['annotate'] = async (path, options, drawing, signal) => {
    const { bytes } = await this.#run({ verb: 'annotate', path, options, drawing }, signal, { options });
    return Buffer.from(bytes.buffer);
  };

  readonly exportPicture: ImageReader['exportPicture'] = async (kind, source, { width, signal }) => {
    const order: Order = { verb: 'export', kind, source: await exportedFrom(source), width };
    const { bytes } = await this.#run(order, patience(signal));
    return wholeFile(bytes);
  };

  /** By way of a file: a picture of strangers is not held in memory as a whole, and never decoded here. */
  readonly exportFits: ImageReader['exportFits'] = async (source, { signal }) => {
    const from = await exportedFrom(source);
    const scratch = await makeScratch(this.#scratchDir);
    const dispose = () => scratch[Symbol.asyncDispose]();
    try {
      const target = join(scratch.path, 'copy.fits');
      const order: Order = { verb: 'export-fits', source: from, capture: source.capture, target };
      await this.#run(order, patience(signal));
      const { size } = await stat(target);
      return {
        size,
        async *read() {
          try {
            yield* createReadStream(target);
          } finally {
            await dispose();
          }
        },
      };
    } catch (error) {
      await dispose();
      throw error;
    }
  };

  prepare(): void {
    this.#pool.prepare();
  }

  release(): void {
    this.#pool.release();
  }

  #run(order: Order, signal: AbortSignal, { id, options }: Partial<ImageRef> = {}) {
    const maxMemoryBytes = options?.maxMemoryBytes ?? DEFAULTS.maxMemoryBytes;
    return this.#pool.run(order, { maxMemoryBytes, signal }, id);
  }

  /** The parts of an opened image that look at its pixels. */
  #pixelsOf(
    image: ImageRef,
    { hasList, isDecodedElsewhere }: Pick<ReadingData, 'hasList' | 'isDecodedElsewhere'>,
  ): Pick<OpenedImage, 'grey' | 'findStars' | 'stars' | 'decoded'> {
    const never = new AbortController().signal;
    return {
      grey: async (shrink, signal = never) => {
        const { value, bytes } = await this.#run({ verb: 'grey', image, shrink }, signal, image);
        return greyOf(value as PlaneData, bytes.buffer);
      },
      findStars: async (finding, signal) =>
        (await this.#run({ verb: 'find-stars', image, finding }, signal, image)).value as Float64Array,
      ...(hasList && {
        stars: async () => (await this.#run({ verb: 'list', image }, never, image)).value as StarTable,
      }),
      ...(isDecodedElsewhere && {
        decoded: async (): Promise<RgbaPixels> => {
          const { value, bytes } = await this.#run({ verb: 'rgba', image }, never, image);
          const { width, height } = value as PlaneData;
          return { data: bytes, width, height };
        },
      }),
    };
  }
}

const PLANES = { Uint8Array, Uint16Array, Float32Array };

function greyOf({ type, width, height, scale }: PlaneData, bytes: ArrayBuffer): GreyImage {
  return { data: new PLANES[type](bytes), width, height, scale };
}

async function exportedFrom(source: PictureSource): Promise<ExportedFrom> {
  const files: Record<string, Uint8Array> = {};
  for (const name of SOLUTION_FILES)
    if (await source.file(name)) files[name] = await requiredFile(source, name);
  const { imagePath, extension, filename } = source;
  return { imagePath, extension, filename, files };
}
