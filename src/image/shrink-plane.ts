import { DECODERS } from './decoders.js';
import type { GreyImage, OpenedImage } from './image.js';
import { BlockMean } from './shrink.js';

/** Makes `image.grey(to)` of a plane that was decoded already; undefined of a picture of more than 8 bits. */
export type PlaneShrinker = (plane: GreyImage) => Promise<GreyImage | undefined>;

/**
 * How `image.grey(to)` is made of `image.grey(from)`, pixel by pixel the same. Undefined where it is not: of a JPEG, whose decoder leaves out
 * high frequencies; of other pictures in colours, whose green plane costs less to decode beside it; of TIFF, which has several decoders; and where `from` is no divisor of `to`.
 */
export async function planeShrinker(
  image: OpenedImage,
  from: number,
  to: number,
): Promise<PlaneShrinker | undefined> {
  if (from === to) return async (plane) => plane;
  if (to % from !== 0 || image.green || image.kind === 'tiff') return undefined;
  if (!DECODERS[image.kind].bySharp) return async (plane) => blockMeans(image, plane, to / from);
  const { shrinkRaster, shrinksOnLoad } = await import('./raster.js');
  if (from !== 1 || shrinksOnLoad(image.kind, image)) return undefined;
  return async (plane) =>
    plane.data instanceof Uint8Array
      ? shrinkRaster({ ...plane, data: plane.data }, image.kind, to)
      : undefined;
}

function blockMeans({ kind }: OpenedImage, plane: GreyImage, shrink: number): GreyImage {
  const { data, width, height, scale } = plane;
  const type = kind === 'fits' || kind === 'xisf' ? Float32Array : typeOf(data);
  const mean = new BlockMean({ width, height, shrink, type });
  mean.add(data);
  return { ...mean.image(), scale: [scale[0] * shrink, scale[1] * shrink] };
}

function typeOf(data: GreyImage['data']) {
  if (data instanceof Uint8Array) return Uint8Array;
  return data instanceof Uint16Array ? Uint16Array : Float32Array;
}
