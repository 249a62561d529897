// `npm run docs`: the documentation as a site in site/dist. Its pages are those of docs/, gathered in site/.pages together with
// the reference that typedoc makes and with the files of the repository that they link to. A dead link fails the build.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { GROUPS } from './pages.mjs';

const site = dirname(fileURLToPath(import.meta.url));
const root = dirname(site);
const pages = join(site, '.pages');

const FENCES = { '.mjs': 'js', '.ts': 'ts', '.json': 'json', '.py': 'python', '.yaml': 'yaml' };

/** What a page links to outside docs/ becomes a page itself, below `source/`. */
function publishSource(path) {
  const target = join(pages, 'source', path.endsWith('.md') ? path : `${path}.md`);
  if (existsSync(target)) return;
  const text = readFileSync(join(root, path), 'utf8');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(
    target,
    path.endsWith('.md')
      ? linked(text, posix.dirname(path))
      : `# ${path}\n\n\`\`\`\`${FENCES[extname(path)] ?? ''}\n${text}\`\`\`\`\n`,
  );
}

/** `text` of a page in the folder `folder` of the repository, its links as the site has them. */
function linked(text, folder) {
  return text.replace(/\]\((?!https?:|#|\/)([^)#\s]+)(#[^)\s]*)?\)/g, (whole, target, fragment = '') => {
    const path = posix.normalize(posix.join(folder, target));
    if (path.startsWith('docs/')) return `](/${path.slice('docs/'.length)}${fragment})`;
    if (!existsSync(join(root, path))) throw new Error(`${folder}: ${whole} leads nowhere`);
    publishSource(path);
    return `](/source/${path.endsWith('.md') ? path : `${path}.md`}${fragment})`;
  });
}

function copyPages(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    const target = join(pages, posix.relative('docs', path));
    if (entry.isDirectory()) {
      mkdirSync(target, { recursive: true });
      copyPages(path);
    } else if (path.endsWith('.md')) {
      writeFileSync(target, linked(readFileSync(join(root, path), 'utf8'), folder));
    } else {
      cpSync(join(root, path), target);
    }
  }
}

/** The title and the first paragraph of a page. */
function summary(name) {
  const text = readFileSync(join(pages, `${name}.md`), 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
  const paragraph = text
    .split('\n\n')
    .find((block) => /^[A-Z`*[]/.test(block))
    ?.replace(/\s*\n\s*/g, ' ')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return `- [${title}](/${name}.md)${paragraph ? `: ${paragraph}` : ''}`;
}

/** What language models read: https://llmstxt.org. Every page is published as Markdown, too. */
function writeForModels() {
  const { description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const groups = GROUPS.map(({ text, pages: names }) => `## ${text}\n\n${names.map(summary).join('\n')}`);
  const published = join(pages, 'public');
  mkdirSync(published, { recursive: true });
  writeFileSync(join(published, 'llms.txt'), `# Astro Jobs\n\n> ${description}\n\n${groups.join('\n\n')}\n`);
  for (const name of GROUPS.flatMap((group) => group.pages)) {
    mkdirSync(dirname(join(published, name)), { recursive: true });
    cpSync(join(pages, `${name}.md`), join(published, `${name}.md`));
  }
}

/** A page that no group names would be found by nobody. */
function everyPageIsNamed() {
  const named = new Set(GROUPS.flatMap((group) => group.pages));
  const there = readdirSync(join(root, 'docs'), { recursive: true })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));
  const lost = there.filter((name) => !named.has(name));
  if (lost.length > 0) throw new Error(`site/pages.mjs names no place for ${lost.join(', ')}`);
}

everyPageIsNamed();
rmSync(pages, { recursive: true, force: true });
mkdirSync(pages, { recursive: true });
copyPages('docs');
cpSync(join(site, 'index.md'), join(pages, 'index.md'));
// The first page names its picture in its front matter, which the bundler does not follow.
cpSync(join(root, 'docs/images/orion-annotated.jpg'), join(pages, 'public/images/orion-annotated.jpg'));
execFileSync('npx', ['typedoc', '--logLevel', 'Warn'], { cwd: root, stdio: 'inherit' });
writeForModels();
await build(site);
