import { readFile, writeFile } from 'node:fs/promises';

/**
 * Puts `text` into a Markdown file between `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error when the file has no such markers
 */
export async function replaceSection(path: string | URL, name: string, text: string): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${path} has no section between ${start.trim()} and ${end.trim()}`);
  await writeFile(path, `${page.slice(0, from)}${start}\n${text}\n${page.slice(to)}`);
}
