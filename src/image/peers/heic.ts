import { corruptImage } from '../errors.js';
import { withImageFile } from '../file.js';
import type { MeasuredImage, RgbaPixels } from '../image.js';
import { rasterPlanes, readRasterInfo } from '../raster.js';
import { loadPeer } from './load-peer.js';

const HEIC = 'HEIC (a picture coded with HEVC)';
type LibHeif = typeof import('libheif-js/wasm-bundle.js').default;

/**
 * A picture coded with HEVC, as iPhones take it. Its size and EXIF are read like those of AVIF, its pixels by libheif-js.
 * @throws AstroJobsError `unsupported_image` where libheif-js is not installed, `corrupt_image`
 */
export async function measureHeic(path: string): Promise<MeasuredImage> {
  const { default: libheif } = await loadPeer(HEIC, 'libheif-js', () => import('libheif-js/wasm-bundle.js'));
  const info = await readRasterInfo({ path }, 'heic');
  const decoded = async (): Promise<RgbaPixels> => {
    const bytes = await withImageFile(path, (file) => file.read(0, file.size));
    const pixels = await decodePrimary(libheif, bytes);
    if (pixels.width !== info.width || pixels.height !== info.height)
      throw corruptImage('its HEIC header says another size than its pixels have');
    return pixels;
  };
  return {
    width: info.width,
    height: info.height,
    rowOrder: 'top-down',
    // Turning is a part of the format; what EXIF says of it has been done already.
    exifOrientation: 1,
    exif: info.exif,
    decoded,
    notes: [],
    ...rasterPlanes({ path, decoded }, 'heic', { ...info, depth: 'uchar', space: 'srgb' }),
  };
}

/** With the functions of the C API: the class that is made for it writes to the console. */
async function decodePrimary(libheif: LibHeif, bytes: Uint8Array): Promise<RgbaPixels> {
  const context = libheif.heif_context_alloc();
  try {
    const { code, message = 'it cannot be parsed' } = libheif.heif_context_read_from_memory(context, bytes);
    if (code !== libheif.heif_error_code.heif_error_Ok) throw corruptImage(`HEIC: ${message}`);
    const ids = libheif.heif_js_context_get_list_of_top_level_image_IDs(context);
    if (!Array.isArray(ids)) throw corruptImage('its HEIC lists no pictures');
    for (const id of ids) {
      const handle = libheif.heif_js_context_get_image_handle(context, id);
      try {
        if (libheif.heif_image_handle_is_primary_image(handle)) return await decodeHandle(libheif, handle);
      } finally {
        libheif.heif_image_handle_release(handle);
      }
    }
    throw corruptImage('its HEIC has no primary picture');
  } finally {
    libheif.heif_context_free(context);
  }
}

async function decodeHandle(libheif: LibHeif, handle: unknown): Promise<RgbaPixels> {
  const { heif_colorspace, heif_chroma, heif_channel } = libheif;
  const image = await libheif.heif_js_decode_image2(
    handle,
    heif_colorspace.heif_colorspace_RGB,
    heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (!image || image.code)
    throw corruptImage(`its HEIC pixels cannot be decoded (${image?.message ?? 'no reason given'})`);
  try {
    const channel = image.channels.find(({ id }) => id === heif_channel.heif_channel_interleaved);
    if (!channel) throw corruptImage('its HEIC pixels have no colours');
    const { width, height, stride, data } = channel;
    const rgba = new Uint8Array(width * height * 4);
    for (let row = 0; row < height; row++)
      rgba.set(data.subarray(row * stride, row * stride + width * 4), row * width * 4);
    return { data: rgba, width, height };
  } finally {
    libheif.heif_image_release(image.image);
  }
}
