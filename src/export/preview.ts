import sharp, { type Sharp } from 'sharp';
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
  const picture = sharp(stretch(grey), { raw: { width: grey.width, height: grey.height, channels: 1 } });
  if (image.rowOrder === 'bottom-up') picture.flip();
  return picture.resize({ width, withoutEnlargement: true }).toColourspace('srgb');
}

function blank(image: OpenedImage, width: number): Sharp {
  const [w, h] = [Math.max(1, image.width), Math.max(1, image.height)];
  const scale = Math.min(1, width / w);
  const size = { width: Math.max(1, Math.round(w * scale)), height: Math.max(1, Math.round(h * scale)) };
  return sharp({ create: { ...size, channels: 3, background: '#000' } });
}

const SAMPLES = 65_536;
/** Where the sky shall lie between black and white. */
const SKY_LEVEL = 0.18;

/**
 * Linear data made visible: black a little below the sky, white at the brightest thousandth, and between them the midtones
 * transfer function that lifts the sky to a dark grey.
 */
function stretch({ data }: GreyImage): Uint8Array {
  const sample = Float64Array.from({ length: Math.min(SAMPLES, data.length) }, (_, index) => {
    return data[Math.floor((index * data.length) / Math.min(SAMPLES, data.length))]!;
  })
    .filter(Number.isFinite)
    .sort();
  const at = (fraction: number) =>
    sample[Math.min(sample.length - 1, Math.floor(fraction * sample.length))] ?? 0;
  const sky = at(0.5);
  const spread = Math.max(sky - at(0.16), Number.EPSILON * Math.abs(sky));
  const black = Math.max(sky - 2.8 * spread, at(0));
  const white = Math.max(at(0.9995), black + Number.MIN_VALUE);
  const level = Math.min(0.9, Math.max(1e-4, (sky - black) / (white - black)));
  const midtone = (level * (SKY_LEVEL - 1)) / (2 * level * SKY_LEVEL - level - SKY_LEVEL);
  const out = new Uint8Array(data.length);
  for (let index = 0; index < data.length; index++) {
    const linear = Math.min(1, Math.max(0, (data[index]! - black) / (white - black)));
    // NaN, which marks pixels without a value, becomes black.
    out[index] = (255 * (midtone - 1) * linear) / ((2 * midtone - 1) * linear - midtone) || 0;
  }
  return out;
}

export async function exportPreview(
  source: ExportSource,
  { width, signal }: ExportOptions,
): Promise<ExportedFile> {
  const image = await openImage(source.imagePath);
  const picture = await pictureOf(image, width ?? Math.max(1, image.width), signal);
  return wholeFile('preview.jpg', 'image/jpeg', await picture.jpeg({ quality: JPEG_QUALITY }).toBuffer());
}
