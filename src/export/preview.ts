import sharp, { type Sharp } from 'sharp';
import { autoStretch } from '../annotate/stretch.js';
import type { GreyImage, ImageKind, OpenedImage } from '../image/image.js';
import { openImage } from '../image/open.js';
import { type ExportedFile, type ExportOptions, type ExportSource, wholeFile } from './exported-file.js';

/** What the picture decoder shows by itself, in colour. */
const DECODED: ReadonlySet<ImageKind> = new Set(['jpeg', 'png', 'tiff', 'webp', 'avif', 'heif', 'gif']);
const JPEG_QUALITY = 85;

/** The image upright as a person sees it, at most so wide; still to be encoded. */
export async function pictureOf(image: OpenedImage, width: number, signal?: AbortSignal): Promise<Sharp> {
  if (image.kind === 'source-list') return blank(image, width);
  if (DECODED.has(image.kind)) {
    return sharp(image.path, { limitInputPixels: false, sequentialRead: image.exifOrientation === 1 })
      .autoOrient()
      .flatten({ background: '#000' })
      .resize({ width, withoutEnlargement: true })
      .toColourspace('srgb');
  }
  const grey = await image.grey(Math.max(1, Math.floor(image.width / width)), signal);
  const picture = sharp(shown(image, grey), { raw: { width: grey.width, height: grey.height, channels: 1 } });
  if (image.rowOrder === 'bottom-up') picture.flip();
  return picture.resize({ width, withoutEnlargement: true }).toColourspace('srgb');
}

function blank(image: OpenedImage, width: number): Sharp {
  const [w, h] = [Math.max(1, image.width), Math.max(1, image.height)];
  const scale = Math.min(1, width / w);
  const size = { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
  return sharp({ create: { ...size, channels: 3, background: '#000' } });
}

/** Pixels of a camera are stretched until faint things are seen; those of a picture are shown as they are. */
function shown(image: OpenedImage, grey: GreyImage): Uint8Array {
  return image.kind !== 'fits' && grey.data instanceof Uint8Array ? grey.data : autoStretch(grey);
}

export async function exportPreview(
  source: ExportSource,
  { width, signal }: ExportOptions,
): Promise<ExportedFile> {
  const image = await openImage(source.imagePath);
  const picture = await pictureOf(image, width ?? Math.max(1, image.width), signal);
  return wholeFile('preview.jpg', 'image/jpeg', await picture.jpeg({ quality: JPEG_QUALITY }).toBuffer());
}
