import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { corruptImage } from '../image/errors.js';
import type { OpenedImage } from '../image/image.js';
import type { SolvedResult } from '../job/result.js';
import { displayAxes } from '../wcs/geometry.js';
import type { Wcs } from '../wcs/wcs.js';
import { type OverlayOptions, overlaySvg } from './overlay.js';
import { STRIP } from './palette.js';
import { autoStretch } from './stretch.js';
import { displaySize } from './view.js';

export type PictureFormat = 'jpeg' | 'png' | 'svg';

export interface AnnotateOptions extends Omit<OverlayOptions, 'display'> {
  result: SolvedResult;
  wcs: Wcs;
  /** The image that was solved, from `openImage`. */
  image: OpenedImage;
  /** @default 'jpeg' */
  format?: PictureFormat;
  /** JPEG quality, 1 to 100. @default 90 */
  quality?: number;
}

/** The longer side of a picture whose width nobody asked for lies between these: room for the names, and bounded memory. */
const SMALLEST = 1600;
const LARGEST = 4096;
/** Kinds whose pixels are measurements: shown with a stretch. The others that the decoder of pictures does not read are shown as they are. */
const NOT_BY_SHARP = new Set<OpenedImage['kind']>(['fits', 'bmp', 'pnm']);

/**
 * The annotated photograph: turned as a person looks at it, objects circled and named, equatorial grid, and below it a band with
 * caption, scale bar and compass. Its longer side is the image's own, but at least 1600 and at most 4096 pixels, unless `width` says
 * otherwise; decoding streams, so a very large image takes no more memory than that. An SVG has the photograph inside.
 *
 * @throws AstroJobsError `corrupt_image`, `unsupported_image` when the pixels cannot be read
 */
export async function annotate(options: AnnotateOptions): Promise<Buffer> {
  const { result, wcs, image, format = 'jpeg', quality = 90 } = options;
  const display = { rowOrder: image.rowOrder, exifOrientation: image.exifOrientation };
  const overlay = overlaySvg(result, wcs, {
    ...options,
    display,
    caption: options.caption ?? 'below',
    width: options.width ?? pictureWidth(displaySize(wcs, display)),
  });
  const { data, info } = await photograph(image, overlay);
  const photo = sharp(data, { raw: info });
  if (format === 'svg') return embed(overlay.svg, await photo.jpeg({ quality }).toBuffer(), overlay);
  const framed = photo
    .extend({ bottom: overlay.band, background: STRIP })
    .composite([{ input: Buffer.from(overlay.svg), top: 0, left: 0 }]);
  return (format === 'png' ? framed.png() : framed.jpeg({ quality, chromaSubsampling: '4:4:4' })).toBuffer();
}

function pictureWidth({ width, height }: { width: number; height: number }): number {
  const longer = Math.max(width, height);
  return Math.round((width * Math.min(LARGEST, Math.max(SMALLEST, longer))) / longer);
}

/** The photograph as a person looks at it, decoded to red, green and blue at the size of the overlay. */
async function photograph(
  image: OpenedImage,
  { width, height }: { width: number; height: number },
): Promise<{ data: Buffer; info: OutputInfo & { channels: 3 } }> {
  const upright = await decoder(image, width);
  try {
    const { data, info } = await upright
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      .flatten({ background: STRIP })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, info: { ...info, channels: 3 } };
  } catch (thrown) {
    throw corruptImage('its pixels cannot be decoded', thrown);
  }
}

async function decoder(image: OpenedImage, width: number): Promise<Sharp> {
  if (!NOT_BY_SHARP.has(image.kind))
    return sharp(image.path, { limitInputPixels: false, sequentialRead: true }).autoOrient();
  const grey = await image.grey(Math.max(1, Math.floor(image.width / width)));
  const pixels = image.kind === 'fits' ? autoStretch(grey) : asBytes(grey.data);
  const raw = sharp(pixels, { raw: { width: grey.width, height: grey.height, channels: 1 } });
  return displayAxes({ rowOrder: image.rowOrder }).up[1] > 0 ? raw.flip() : raw;
}

function asBytes(data: Uint8Array | Uint16Array | Float32Array): Uint8Array {
  if (data instanceof Uint8Array) return data;
  const scale = data instanceof Uint16Array ? 1 / 257 : 255;
  return Uint8Array.from(data, (value) => Math.max(0, Math.min(255, value * scale)));
}

function embed(svg: string, jpeg: Buffer, { width, height }: { width: number; height: number }): Buffer {
  const head = svg.indexOf('\n') + 1;
  const photo = `<image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${jpeg.toString('base64')}"/>\n`;
  return Buffer.from(svg.slice(0, head) + photo + svg.slice(head));
}
