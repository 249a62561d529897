/*
 * `npm run docs:code`: every code block of the README and of docs/ against what there is. TypeScript and JavaScript are compiled against the
 * built package (`npm run build`), each page in a folder of its own, where a block with a title (```ts [name.ts]) is a file that the others may
 * import. Lines that call `astro-jobs` must name a command and options that exist, those that call the HTTP API a route; shell, Python and JSON must
 * be well formed.
 */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { argv0, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { buildProgram } from '../src/cli/program.js';
import { restRoutes } from '../src/http/rest/routes.js';

interface Block {
  page: string;
  /** Line of the page on which the code begins, from 1. */
  line: number;
  language: string;
  title?: string;
  code: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** Shown as they are: nothing here could run them. */
const ONLY_SHOWN = new Set(['html', 'nginx', 'text']);
const problems: string[] = [];

function pages(): string[] {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  return ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

/** The fenced blocks of a page, and its indented lines that call the program. */
function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, line] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    const fence = /^```(\w*)(?: \[(.+)\])?$/.exec(line);
    if (open && line === '```') {
      blocks.push(open);
      open = undefined;
    } else if (!open && fence) {
      open = { page, line: index + 2, language: fence[1] || 'text', title: fence[2], code: '' };
    } else if (open) open.code += `${line}\n`;
    else if (/^ {4}(npx )?astro-jobs /.test(line))
      blocks.push({ page, line: index + 1, language: 'sh', code: `${line.trim()}\n` });
  }
  return blocks;
}

const blame = ({ page, line }: Block, what: string, offset = 0) =>
  problems.push(`${page}:${line + offset}: ${what}`);

/** Whether a program accepts `code` on its standard input. */
function accepted(program: string, args: readonly string[], code: string): string | undefined {
  try {
    execFileSync(program, args, { input: code, stdio: ['pipe', 'ignore', 'pipe'] });
    return undefined;
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error).trim();
  }
}

const program = buildProgram();
const PATHS = restRoutes.map(({ path }) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`));

function checkCommand(block: Block, words: readonly string[], offset: number): void {
  let command: Command = program;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!next) break;
    command = next;
  }
  const known = new Set(
    [command, program].flatMap(({ options }) => options.flatMap(({ short, long }) => [short, long])),
  );
  const first = words[0];
  if (command === program && first && /^[a-z]/.test(first) && first !== 'help')
    blame(block, `astro-jobs has no command ${first}`, offset);
  for (const word of words) {
    const flag = /^(--?[a-z][\w-]*)/.exec(word)?.[1];
    if (flag && !known.has(flag) && !['--help', '-h', '--version'].includes(flag))
      blame(block, `${command.name()} has no option ${flag}`, offset);
  }
}

function checkShell(block: Block): void {
  const wrong = accepted('bash', ['-n'], block.code);
  if (wrong) blame(block, wrong);
  for (const [offset, line] of block.code.replace(/\\\n/g, '  ').split('\n').entries()) {
    const words = line
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    const at = words.indexOf('astro-jobs');
    if (at === 0 || (at === 1 && words[0] === 'npx')) checkCommand(block, words.slice(at + 1), offset);
    for (const [, path = ''] of line.matchAll(
      /https?:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?(\/api\/v1[^\s?'"]*)/g,
    ))
      if (!PATHS.some((pattern) => pattern.test(path))) blame(block, `there is no route ${path}`, offset);
  }
}

function checkJson(block: Block): void {
  try {
    JSON.parse(block.code);
  } catch (error) {
    blame(block, (error as Error).message);
  }
}

/** What Node makes known by itself, and what pages of a browser and tests with decorators need. */
const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  allowJs: true,
  checkJs: true,
  skipLibCheck: true,
  module: 'nodenext',
  target: 'es2023',
  experimentalDecorators: true,
  lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
  types: ['node'],
};

function checkTypes(blocks: readonly Block[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'astro-jobs-doc-code-'));
  try {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const files = new Map<string, Block>();
    for (const block of blocks) {
      const name = block.title ?? `line-${block.line}.${block.language}`;
      const file = join(block.page.replace(/\.md$/, ''), name.replace(/\.mjs$/, '.js'));
      files.set(file, block);
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      // The code stands on the lines that it has on its page.
      writeFileSync(join(folder, file), `${'\n'.repeat(block.line - 1)}${block.code}export {};\n`);
    }
    const paths = { 'astro-jobs': [join(root, 'dist/index.d.ts')], ...entryPaths() };
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, paths }, files: [...files.keys()] }),
    );
    try {
      execFileSync(
        argv0,
        [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
    } catch (error) {
      for (const line of String((error as { stdout?: string }).stdout ?? error)
        .trim()
        .split('\n')) {
        const [, file = '', at, what] = /^(.+?)\((\d+),\d+\): (.*)$/.exec(line) ?? [];
        const block = files.get(file);
        problems.push(block ? `${block.page}:${at}: ${what}` : line);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The entries of package.json, as a program that imports the package finds them. */
function entryPaths(): Record<string, string[]> {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, { types: string } | string>;
  };
  return Object.fromEntries(
    Object.entries(exports).flatMap(([path, entry]) =>
      typeof entry === 'string' || path === '.'
        ? []
        : [[`astro-jobs${path.slice(1)}`, [join(root, entry.types)]]],
    ),
  );
}

const blocks = pages().flatMap(blocksOf);
const typed = blocks.filter(({ language }) => language === 'ts' || language === 'js');
checkTypes(typed);
for (const block of blocks) {
  if (typed.includes(block)) continue;
  if (['sh', 'bash'].includes(block.language)) checkShell(block);
  else if (block.language === 'json') checkJson(block);
  else if (block.language === 'python') {
    const wrong = accepted('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], block.code);
    if (wrong) blame(block, wrong);
  } else if (!ONLY_SHOWN.has(block.language)) blame(block, `nothing checks a block of ${block.language}`);
}
for (const problem of problems) console.error(problem);
console.log(`${blocks.length} blocks of code, ${problems.length} problems`);
exit(problems.length === 0 ? 0 : 1);
