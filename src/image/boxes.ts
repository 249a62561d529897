import type { ByteReader } from './file.js';

/** A box of an ISO base media file (ISO 14496-12, 4.2): its content, without its head. */
export interface Box {
  /** Four characters; of a box with a UUID `uuid` and its digits. */
  type: string;
  start: number;
  end: number;
}

/** More than any honest box has inside it. */
const MAX_BOXES = 128;

/** The boxes in a part of a file; ends before one that does not fit. */
export async function* boxesIn(
  file: ByteReader,
  { start, end }: Pick<Box, 'start' | 'end'>,
): AsyncGenerator<Box> {
  for (let at = start, count = 0; at + 8 <= end && count < MAX_BOXES; count++) {
    const head = await file.read(at, 32);
    if (head.length < 8) return;
    const size = head.readUInt32BE(0);
    const wide = size === 1;
    if (wide && head.length < 16) return;
    const bytes = wide ? Number(head.readBigUInt64BE(8)) : size === 0 ? end - at : size;
    const name = head.toString('latin1', 4, 8);
    const isUuid = name === 'uuid';
    const own = (wide ? 16 : 8) + (isUuid ? 16 : 0);
    // The last box of a file that was cut is looked into as far as it goes.
    if (!(bytes >= own) || own > head.length) return;
    const type = isUuid ? `uuid ${head.toString('hex', own - 16, own)}` : name;
    yield { type, start: at + own, end: Math.min(at + bytes, end) };
    at += bytes;
  }
}

/** The first box of a type in another one, and so on down. */
export async function childOf(
  file: ByteReader,
  parent: Pick<Box, 'start' | 'end'> | undefined,
  ...types: readonly string[]
): Promise<Box | undefined> {
  const [type, ...rest] = types;
  if (!parent || type === undefined) return undefined;
  for await (const box of boxesIn(file, parent)) {
    if (box.type === type) return rest.length === 0 ? box : childOf(file, box, ...rest);
  }
  return undefined;
}
