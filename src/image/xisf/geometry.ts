import { AstroJobsError } from '../../job/errors.js';
import { corruptImage, unsupportedImage } from '../errors.js';
import { blockBytes, blockOf, type XisfBlock } from './block.js';
import type { XmlElement } from './xml.js';

const ADVICE = 'save it as FITS or as a 32-bit XISF';
const MAX_SIDE = 2 ** 31 - 1;

/** Bytes of the samples that are read; complex ones are none of a picture. */
const SAMPLE_BYTES = { UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, Float32: 4, Float64: 8 } as const;
export type SampleFormat = keyof typeof SAMPLE_BYTES;

/** Planes that make up brightness; the first of CIE L*a*b* is lightness. */
const COLOURS: Readonly<Record<string, number>> = { Gray: 1, RGB: 3, CIELab: 1 };

/** What PixInsight saves beside an integrated picture: maps of rejected pixels, of weights and slopes, masks. */
const BESIDE_THE_PICTURE = /rejection|slope|weight|map|mask|thumbnail/i;

/** A picture of an XISF file, as its element describes it. */
export interface XisfImage {
  element: XmlElement;
  width: number;
  height: number;
  /** All that are stored, alpha included. */
  channels: number;
  /** The first ones, which make up the brightness. */
  colours: number;
  format: SampleFormat;
  sampleBytes: number;
  /** The channels of a pixel stand side by side. */
  interleaved: boolean;
  littleEndian: boolean;
  block: XisfBlock;
}

/** @throws AstroJobsError `corrupt_image`, `unsupported_image` */
export function describeImage(element: XmlElement, fileBytes: number): XisfImage {
  const attribute = (name: string, missing = '') => element.attributes.get(name) ?? missing;
  const numbers = attribute('geometry').split(':').map(Number);
  if (numbers.length < 2 || !numbers.every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE))
    throw corruptImage('its XISF geometry makes no sense');
  const [width = 0, height = 0, channels = 0] = numbers;
  if (numbers.length !== 3)
    throw unsupportedImage(`an XISF of ${numbers.length - 1} dimensions`, 'give a picture');
  const format = attribute('sampleFormat');
  if (!isFormat(format))
    throw unsupportedImage(`an XISF of ${format.slice(0, 40) || 'unknown'} samples`, ADVICE);
  const space = attribute('colorSpace', 'Gray');
  const colours = COLOURS[space];
  if (colours === undefined) throw unsupportedImage(`an XISF of ${space.slice(0, 40)} colours`, ADVICE);
  if (channels < colours) throw corruptImage(`its XISF has ${channels} channels, too few for ${space}`);
  const sampleBytes = SAMPLE_BYTES[format];
  const block = blockOf(element, fileBytes);
  if (blockBytes(block) < width * height * channels * sampleBytes)
    throw corruptImage('its XISF data are fewer than its pixels');
  return {
    element,
    width,
    height,
    channels,
    colours,
    format,
    sampleBytes,
    interleaved: /^normal$/i.test(attribute('pixelStorage')),
    littleEndian: attribute('byteOrder', 'little') !== 'big',
    block,
  };
}

function isFormat(name: string): name is SampleFormat {
  return Object.hasOwn(SAMPLE_BYTES, name);
}

function pixelsOf({ attributes }: XmlElement): number {
  const [width = 0, height = 0] = (attributes.get('geometry') ?? '').split(':').map(Number);
  return width * height || 0;
}

const isBeside = ({ attributes }: XmlElement) =>
  BESIDE_THE_PICTURE.test(`${attributes.get('id') ?? ''} ${attributes.get('imageType') ?? ''}`);

/**
 * The picture of a file that may hold several: the largest that is no map and no mask; of equal ones the first.
 * @param wanted its number, from 1, or its identifier.
 * @throws AstroJobsError `unsupported_image` when there is none.
 */
export function chooseImage(images: readonly XmlElement[], wanted?: number | string): XmlElement {
  if (images.length === 0) throw unsupportedImage('an XISF without a picture', 'save the picture as well');
  if (wanted === undefined) {
    const proper = images.filter((image) => !isBeside(image));
    const candidates = proper.length > 0 ? proper : images;
    return candidates.reduce((best, image) => (pixelsOf(image) > pixelsOf(best) ? image : best));
  }
  const found =
    typeof wanted === 'number'
      ? images[wanted - 1]
      : images.find(({ attributes }) => attributes.get('id') === wanted.trim());
  if (found) return found;
  throw new AstroJobsError(
    'unsupported_image',
    `XISF: there is no picture ${wanted}; it has ${images.length}`,
  );
}
