import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { OpenedImage } from '../../image/image.js';
import { openSized, readImage } from '../reading.js';
import { StarWork } from '../star-work.js';
import {
  type ExportedFrom,
  type ImageRef,
  KEPT_IMAGES,
  type Order,
  type PlaneData,
  type ReadingData,
} from './protocol.js';

/** What came of an order: plain data, and bytes that are large. */
export interface CarriedOut {
  value: unknown;
  bytes?: Uint8Array;
}

/** Images that were read last. */
const kept = new Map<number, Promise<StarWork>>();

function keep(id: number, image: Promise<OpenedImage>): Promise<StarWork> {
  const work = image.then((opened) => new StarWork(opened));
  kept.set(id, work);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_IMAGES && oldest !== undefined) kept.delete(oldest);
  work.catch(() => kept.delete(id));
  return work;
}

const workOn = ({ id, path, options }: ImageRef) => kept.get(id) ?? keep(id, openSized(path, options));

const imageOf = async (ref: ImageRef) => (await workOn(ref)).image;

async function read({ id, path, options }: ImageRef): Promise<ReadingData> {
  const { image, capture, hints, hintNotes } = await readImage(path, options);
  await keep(id, Promise.resolve(image));
  const { grey: _grey, green: _green, stars, decoded, findStars: _find, fitsHeader, ...facts } = image;
  return {
    image: facts,
    header: fitsHeader && { cards: fitsHeader.cards, notes: fitsHeader.notes },
    hasList: stars !== undefined,
    isDecodedElsewhere: decoded !== undefined,
    capture,
    hints,
    hintNotes,
  };
}

function plane(facts: PlaneData, data: Uint8Array | Uint16Array | Float32Array): CarriedOut {
  return { value: facts, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

async function grey(ref: ImageRef, shrink: number, signal: AbortSignal): Promise<CarriedOut> {
  const { data, width, height, scale } = await (await imageOf(ref)).grey(shrink, signal);
  const type =
    data instanceof Uint8Array ? 'Uint8Array' : data instanceof Uint16Array ? 'Uint16Array' : 'Float32Array';
  return plane({ type, width, height, scale }, data);
}

async function rgba(ref: ImageRef): Promise<CarriedOut> {
  const decoded = (await imageOf(ref)).decoded;
  if (!decoded) throw new TypeError('The picture is decoded by sharp');
  const { data, width, height } = await decoded();
  return plane({ type: 'Uint8Array', width, height, scale: [1, 1] }, data);
}

async function annotateImage(order: Extract<Order, { verb: 'annotate' }>): Promise<CarriedOut> {
  const [{ annotate }, { openImage }] = await Promise.all([
    import('../../annotate/annotate.js'),
    import('../../image/open.js'),
  ]);
  const image = await openImage(order.path, order.options);
  return { value: undefined, bytes: await annotate({ ...order.drawing, image }) };
}

async function exportPicture(order: Extract<Order, { verb: 'export' }>): Promise<CarriedOut> {
  const [{ exportPicture: make }, { bytesOf }] = await Promise.all([
    import('../../export/pictures.js'),
    import('../../export/exported-file.js'),
  ]);
  const { source, kind, width } = order;
  const picture = await make(kind, sourceOf(source), width === undefined ? {} : { width });
  return { value: undefined, bytes: await bytesOf(picture) };
}

async function exportFits(
  { source, capture, target }: Extract<Order, { verb: 'export-fits' }>,
  signal: AbortSignal,
): Promise<CarriedOut> {
  const { exportNewFits } = await import('../../export/new-fits.js');
  const file = await exportNewFits({ ...sourceOf(source), capture }, { signal });
  await pipeline(file.read(), createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal });
  return { value: undefined };
}

const sourceOf = ({ files, ...job }: ExportedFrom) => ({
  ...job,
  file: async (name: string) => {
    const bytes = files[name];
    return bytes && { name, size: bytes.length, modifiedAt: 0, read: () => Readable.from([bytes]) };
  },
});

/** Does what it is told. Ends early, as far as the work can be ended, when `signal` is aborted. */
export async function carryOut(order: Order, signal: AbortSignal): Promise<CarriedOut> {
  switch (order.verb) {
    case 'read':
      return { value: await read(order.image) };
    case 'grey':
      return grey(order.image, order.shrink, signal);
    case 'rgba':
      return rgba(order.image);
    case 'list':
      return { value: await (await imageOf(order.image)).stars?.() };
    case 'find-stars':
      return { value: await (await workOn(order.image)).find(order.finding, signal) };
    case 'measure':
      return { value: await (await workOn(order.image)).measure(order.found, order.binning, signal) };
    case 'annotate':
      return annotateImage(order);
    case 'export':
      return exportPicture(order);
    case 'export-fits':
      return exportFits(order, signal);
  }
}

/** Loads what nearly every image needs, so that the first one need not wait for it. */
export async function warmUp(): Promise<void> {
  await Promise.all([
    import('../../image/measure.js'),
    import('../../stars/detect.js'),
    import('../../stars/packed.js'),
  ]);
}
