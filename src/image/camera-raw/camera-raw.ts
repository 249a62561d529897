import { corruptImage } from '../errors.js';
import type { ByteReader } from '../file.js';
import { FileHead, HEAD_BYTES } from '../file-head.js';
import type { MeasuredImage } from '../image.js';
import { cr3Content } from './cr3.js';
import { measurePreview, type RawContent } from './preview.js';
import { rafContent } from './raf.js';
import { rawKind } from './signatures.js';
import { tiffRawContent } from './tiff-raw.js';

/**
 * The largest preview in a camera raw file, with the metadata of the whole.
 * @throws AstroJobsError `corrupt_image`, `unsupported_image` when it has no preview.
 */
export async function measureCameraRaw(path: string, file: ByteReader): Promise<MeasuredImage> {
  const kind = rawKind(new FileHead(await file.read(0, HEAD_BYTES)));
  const content = await contentOf(file, kind?.name ?? 'DNG, NEF, ARW or the like', kind?.structure);
  if (!content) throw corruptImage('its header is cut off');
  return measurePreview(path, file, content);
}

function contentOf(
  file: ByteReader,
  name: string,
  structure: string = 'tiff',
): Promise<RawContent | undefined> {
  if (structure === 'raf') return rafContent(file);
  return structure === 'boxes' ? cr3Content(file) : tiffRawContent(file, name);
}
