import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportSource, nothingToDraw } from '../analysis/export-source.js';
import type { PictureFormat } from '../annotate/annotate.js';
import type { OverlayOptions } from '../annotate/overlay.js';
import type { ImageReader } from '../decoding/image-reader.js';
import type { ExportOptions, ExportSource } from '../export/export-source.js';
import type { ExportedFile } from '../export/exported-file.js';
import type { ExportKind } from '../export/formats.js';
import type { JobGeometry } from '../export/geometry.js';
import type { ExportOffer } from '../export/offers.js';
import { AstroJobsError } from '../job/errors.js';
import type { JobResult } from '../job/result.js';
import { makeScratch } from '../process/scratch.js';
import type { JobStore } from '../store/job-store.js';

/** How the annotated picture of a job is drawn. */
export interface PictureOptions extends Omit<OverlayOptions, 'display'> {
  /** @default 'jpeg' */
  format?: PictureFormat;
  /** JPEG quality, 1 to 100. @default 90 */
  quality?: number;
}

export interface DerivedFrom {
  store: JobStore;
  id: string;
  /** Undefined before the job is settled. */
  result?: JobResult;
  scratchDir?: string;
  /** Looks into the image. */
  reader: ImageReader;
}

interface Source extends AsyncDisposable {
  source: ExportSource;
}

const fileOf =
  ({ store, id }: Pick<DerivedFrom, 'store' | 'id'>) =>
  async (name: string) =>
    (await store.files(id)).find((candidate) => candidate.name === name);

/** What exports are made of: the image as a file on this machine, for as long as it is needed. */
async function sourceOf(from: DerivedFrom): Promise<Source> {
  const { store, id, scratchDir } = from;
  const image = await store.image(id);
  if (!image) throw new AstroJobsError('not_found', 'The image of this job is gone', { jobId: id });
  const asked = (await store.get(id))?.status.params.extension;
  const extension = typeof asked === 'string' ? asked : undefined;
  const facts = { extension, filename: image.name };
  if (image.path !== undefined) {
    return {
      source: sourceAt(from, { ...facts, imagePath: image.path }),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const scratch = await makeScratch(scratchDir);
  const imagePath = join(scratch.path, 'image');
  try {
    await pipeline(image.read(), createWriteStream(imagePath));
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
  return {
    source: sourceAt(from, { ...facts, imagePath }),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

type ImageFacts = Pick<ExportSource, 'imagePath' | 'extension' | 'filename'>;

function sourceAt(from: DerivedFrom, image: ImageFacts): ExportSource {
  const { reader, result } = from;
  return exportSource({ ...image, reader, file: fileOf(from), ...(result && { result }) });
}

/** An export whose source lives until it is read to its end. */
export async function exportOf(
  from: DerivedFrom,
  kind: ExportKind,
  options?: ExportOptions,
): Promise<ExportedFile> {
  const { exportFile } = await import('../export/export.js');
  const held = await sourceOf(from);
  try {
    const file = await exportFile(kind, held.source, options);
    return {
      ...file,
      async *read() {
        try {
          yield* file.read();
        } finally {
          await held[Symbol.asyncDispose]();
        }
      },
    };
  } catch (error) {
    await held[Symbol.asyncDispose]();
    throw error;
  }
}

/** The formats that the job can be exported in now. */
export async function offersOf(from: DerivedFrom): Promise<ExportOffer[]> {
  const { exportOffers } = await import('../export/offers.js');
  await using held = await sourceOf(from);
  return await exportOffers(held.source);
}

export async function geometryOf(from: DerivedFrom): Promise<JobGeometry> {
  await using held = await sourceOf(from);
  return await held.source.geometry();
}

/** @throws AstroJobsError `not_found` when the job has no solution to draw */
export async function pictureOf(from: DerivedFrom, options: PictureOptions = {}): Promise<Buffer> {
  // Before the image is brought here.
  if (!from.result?.ok) throw nothingToDraw(from.id);
  await using held = await sourceOf(from);
  return await held.source.drawing(options);
}
