import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { annotate } from '../../src/annotate/annotate.js';
import type { ExportSource } from '../../src/export/export-source.js';
import type { PictureSource } from '../../src/export/exported-file.js';
import { bytesOf, requiredFile } from '../../src/export/exported-file.js';
import { geometryOf } from '../../src/export/geometry.js';
import { exportPicture } from '../../src/export/pictures.js';
import { parseHeader } from '../../src/fits/header.js';
import { openImage } from '../../src/image/open.js';
import type { JobResult } from '../../src/job/result.js';
import { parseWcs } from '../../src/wcs/parse.js';

/** A file of a job. */
export async function storedFile(folder: string, name: string, bytes: Uint8Array) {
  const path = join(folder, `${Math.random().toString(36).slice(2)}-${name}`);
  await writeFile(path, bytes);
  const { size } = await stat(path);
  return { name, size, modifiedAt: 0, path, read: () => createReadStream(path) };
}

/** A job whose image is read in this process. */
export function localSource(job: PictureSource, result?: JobResult): ExportSource {
  const { imagePath, extension } = job;
  const open = () => openImage(imagePath, { extension });
  return {
    ...job,
    ...(result && { result }),
    geometry: async () => geometryOf(await open(), job),
    picture: (kind, options) => exportPicture(kind, job, options),
    async drawing(options) {
      const wcs = parseWcs(parseHeader(await requiredFile(job, 'solution.wcs')));
      if (!result?.ok) throw new Error('Only a solved job is drawn');
      return annotate({ ...options, image: await open(), wcs, result });
    },
  };
}

export { bytesOf };
