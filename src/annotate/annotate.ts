import type { Sharp } from 'sharp';
import type { OpenedImage } from '../image/image.js';
import { encoded, uprightPicture } from '../image/picture.js';
import sharp from '../image/sharp.js';
import type { SolvedResult } from '../job/result.js';
import { displaySize, type Size } from '../wcs/display.js';
import type { Wcs } from '../wcs/wcs.js';
import { groundOf } from './drawing-options.js';
import { finderChart } from './finder-chart.js';
import { type OverlayOptions, overlaySvg } from './overlay.js';
import { paletteOf } from './palette.js';
import { starField } from './star-field.js';

/** A format of the annotated picture. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'svg';

export interface AnnotateOptions extends Omit<OverlayOptions, 'display'> {
  result: SolvedResult;
  wcs: Wcs;
  /** The image that was solved, from `openImage`; a list of stars is drawn as dots by their brightness. */
  image: OpenedImage;
  /** @default 'jpeg' */
  format?: PictureFormat;
  /** Of JPEG and WebP, 1 to 100. @default 90 */
  quality?: number;
}

/** The longer side of a picture of no given width lies between these: space for the names, and bounded memory. */
const SMALLEST = 1600;
const LARGEST = 4096;

/**
 * The annotated photograph: turned as a person looks at it, objects circled and named, equatorial grid, and below it a band with
 * caption, scale bar and compass. Its longer side is the image's own, but at least 1600 and at most 4096 pixels, unless `width` says
 * otherwise; decoding streams, so a very large image takes no more memory than that. An SVG has the photograph inside.
 *
 * @throws AstroJobsError `corrupt_image`, `unsupported_image` when the pixels cannot be read
 */
export async function annotate(options: AnnotateOptions): Promise<Buffer> {
  const { result, wcs, image, format = 'jpeg', quality = 90, style } = options;
  if (style === 'chart') {
    const chart = Buffer.from(finderChart(result, wcs, options).svg);
    return format === 'svg' ? chart : encode(sharp(chart).removeAlpha(), format, quality);
  }
  const overlay = overlaySvg(result, wcs, {
    ...options,
    display: image,
    caption: options.caption ?? 'below',
    width: options.width ?? pictureWidth(displaySize(wcs, image)),
  });
  const size = { width: overlay.width, height: overlay.height };
  const plain = await photograph(image, wcs, size);
  const photo = style === 'print' ? await negative(plain, size) : plain;
  if (format === 'svg') return embed(overlay.svg, await photo.jpeg({ quality }).toBuffer(), overlay);
  const framed = photo
    .extend({ bottom: overlay.band, background: paletteOf(options.palette, groundOf(options)).strip })
    .composite([{ input: Buffer.from(overlay.svg), top: 0, left: 0 }]);
  return encode(framed, format, quality);
}

function encode(picture: Sharp, format: Exclude<PictureFormat, 'svg'>, quality: number): Promise<Buffer> {
  if (format === 'png') return picture.png().toBuffer();
  if (format === 'webp') return picture.webp({ quality }).toBuffer();
  return picture.jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
}

/** Dark stars on a light sky, in grey. A raster of its own, since sharp would turn over what is laid on it as well. */
async function negative(photo: Sharp, size: Size): Promise<Sharp> {
  const { data } = await photo
    .greyscale()
    .negate()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { ...size, channels: 1 } }).toColourspace('srgb');
}

function pictureWidth({ width, height }: Size): number {
  const longer = Math.max(width, height);
  return Math.round((width * Math.min(LARGEST, Math.max(SMALLEST, longer))) / longer);
}

/** Its pixels, at the size of the overlay. */
async function photograph(image: OpenedImage, wcs: Wcs, size: Size): Promise<Sharp> {
  if (image.stars) return starField(image, await image.stars(), wcs, size);
  const upright = await uprightPicture(image, size);
  const { data, info } = await encoded(image, upright.raw().toBuffer({ resolveWithObject: true }));
  return sharp(data, { raw: { ...size, channels: info.channels } });
}

function embed(svg: string, jpeg: Buffer, { width, height }: Size): Buffer {
  const head = svg.indexOf('\n') + 1;
  const photo = `<image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${jpeg.toString('base64')}"/>\n`;
  return Buffer.from(svg.slice(0, head) + photo + svg.slice(head));
}
