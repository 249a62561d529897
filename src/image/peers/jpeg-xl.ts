import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { packageFile } from '../../package-files.js';
import { corruptImage } from '../errors.js';
import { type ByteReader, withImageFile } from '../file.js';
import type { MeasuredImage, RgbaPixels } from '../image.js';
import { rasterPlanes } from '../raster.js';
import { readJxlHeader } from './jxl-header.js';
import { loadPeer } from './load-peer.js';

const WASM = '@jsquash/jxl/codec/dec/jxl_dec.wasm';
type Decode = typeof import('@jsquash/jxl/decode.js').default;

/** In Node its WebAssembly has to be read for it, which it fetches in a browser. */
async function loadDecoder(): Promise<Decode> {
  const jxl = await import('@jsquash/jxl/decode.js');
  await jxl.init({ wasmBinary: await readFile(createRequire(packageFile('package.json')).resolve(WASM)) });
  return jxl.default;
}

/**
 * A JPEG XL picture: its size and EXIF are read here, its pixels, of 8 bits then, by `@jsquash/jxl`.
 * @throws AstroJobsError `unsupported_image` where that is not installed, `corrupt_image`
 */
export async function measureJpegXl(path: string, file: ByteReader): Promise<MeasuredImage> {
  const decode = await loadPeer('JPEG XL', '@jsquash/jxl', loadDecoder);
  const { width, height, exif } = await readJxlHeader(file);
  const decoded = async (): Promise<RgbaPixels> => {
    const bytes = await withImageFile(path, (again) => again.read(0, again.size));
    const pixels = await decode(Uint8Array.from(bytes).buffer).catch((thrown: unknown) => {
      throw corruptImage('its JPEG XL data cannot be decoded', thrown);
    });
    if (pixels.width !== width || pixels.height !== height)
      throw corruptImage('its JPEG XL header says another size than its pixels have');
    const { buffer, byteOffset, byteLength } = pixels.data;
    return { data: new Uint8Array(buffer, byteOffset, byteLength), width, height };
  };
  const info = { width, height, exifOrientation: 1, depth: 'uchar', space: 'srgb', page: 0 };
  return {
    width,
    height,
    rowOrder: 'top-down',
    // The decoder turns it.
    exifOrientation: 1,
    ...(exif && { exif }),
    decoded,
    notes: [],
    ...rasterPlanes({ path, decoded }, 'jxl', info),
  };
}
