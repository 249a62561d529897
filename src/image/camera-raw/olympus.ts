import type { ByteReader } from '../file.js';
import { partReader } from '../file.js';
import { Tiff, type TiffDirectory } from '../tiff.js';

const EXIF_IFD = 0x8769;
const MAKER_NOTE = 0x927c;
const CAMERA_SETTINGS = 0x2020;
const PREVIEW_OFFSET = 0x101;
const PREVIEW_BYTES = 0x102;
/** What notes begin with, and where their directory is then; offsets in them count from the start of the note. */
const NOTES: readonly (readonly [start: string, directoryAt: number])[] = [
  ['OLYMPUS\0', 12],
  ['OM SYSTEM\0\0\0', 16],
];

/** Where the maker note of an Olympus camera says that the preview is. */
export async function olympusPreview(
  file: ByteReader,
  tiff: Tiff,
  first: TiffDirectory,
): Promise<(readonly [offset: number, length: number])[]> {
  const [exifAt] = await tiff.uints(first.entries.get(EXIF_IFD), 1);
  const note = exifAt ? (await tiff.directory(exifAt))?.entries.get(MAKER_NOTE) : undefined;
  if (!note) return [];
  const start = (await file.read(note.offset, 16)).toString('latin1');
  const kind = NOTES.find(([begin]) => start.startsWith(begin));
  if (!kind) return [];
  const own = Tiff.within(partReader(file, note.offset), tiff.bigEndian, kind[1]);
  const settings = (await own.directory(own.first))?.entries.get(CAMERA_SETTINGS);
  // Newer cameras write a directory, whose place the entry holds; older ones its bytes as the value.
  const [at] =
    settings?.type === 13 || settings?.type === 4 ? await own.uints(settings, 1) : [settings?.offset];
  const directory = at === undefined ? undefined : await own.directory(at);
  const [offset] = await own.uints(directory?.entries.get(PREVIEW_OFFSET), 1);
  const [length] = await own.uints(directory?.entries.get(PREVIEW_BYTES), 1);
  return offset !== undefined && length !== undefined ? [[note.offset + offset, length]] : [];
}
