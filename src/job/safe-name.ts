const LONGEST = 120;

/**
 * A file name as it may stand in a folder, an argument list and a terminal: the last part of a path with only letters,
 * digits, spaces and `._+-()` in it, no leading dot or dash, at most 120 bytes, its extension kept.
 */
export function safeFileName(name: string): string {
  const base = name.split(/[/\\]/).pop() ?? '';
  const clean = base
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N} ._+\-()]/gu, '_')
    .replace(/^[\s.\-_]+/, '')
    .trim();
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= 12 ? clean.slice(dot) : '';
  const stem = truncate(extension ? clean.slice(0, dot) : clean, LONGEST - Buffer.byteLength(extension));
  return stem + extension || 'image';
}

function truncate(text: string, bytes: number): string {
  let kept = '';
  let size = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    kept += character;
  }
  return kept;
}
