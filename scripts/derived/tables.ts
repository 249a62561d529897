// The tables of the docs that the code declares, between their markers.
import { readFile } from 'node:fs/promises';
import type { $ZodType } from 'zod/v4/core';
import { HTTP_ERROR_TABLE } from '../../src/http/errors.js';
import { AstroJobs } from '../../src/index.js';
import {
  astrometrySchema,
  astroObjectSchema,
  horizonSchema,
  subjectSchema,
} from '../../src/job/astrometry.js';
import { captureNoteSchema, captureSchema } from '../../src/job/capture.js';
import { ERROR_CODES, errorFacts } from '../../src/job/error-codes.js';
import { expected } from '../../src/job/param-kinds.js';
import { PARAM_NAMES, paramOf } from '../../src/job/param-table.js';
import { failedResultSchema, solvedResultSchema } from '../../src/job/result.js';
import { SCALE_UNIT_TABLE, SCALE_UNITS } from '../../src/job/scale-units.js';
import { attemptSchema, hintSchema, lensFitSchema, solveSchema } from '../../src/job/solve-report.js';
import { SCOPE_TABLE, SCOPES } from '../../src/keys/key.js';
import { SETTING_NAMES, settingOf } from '../../src/settings.js';
import { MISTAKES } from '../../test/cli/mistakes-table.js';
import { WRONG_OPTIONS } from '../../test/wrong-options.js';
import { fieldTable, type More } from './field-table.js';
import { fields as fieldTypes, names } from './types.js';

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]) =>
  [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

/** What `new AstroJobs` says to wrong options, its list of all options cut short. */
function refusalOf(options: object): string {
  try {
    new AstroJobs(options);
  } catch (error) {
    return (error as Error).message.replace(/(known are(?: \S+,){3}) .*/, '$1 …');
  }
  throw new Error(`Not refused: ${JSON.stringify(options)}`);
}

/** In a cell of a table. */
const code = (text: string | undefined) => {
  if (text === undefined) return '';
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|').replaceAll('\n', ' ')}${fence}`;
};

/** Fields of documents, with where the docs tell more of them. */
const fields = (schema: $ZodType, more?: More) => fieldTable(schema, { names, fields: fieldTypes }, more);

const TABLES: Readonly<Record<string, string>> = {
  parameters: table(
    ['parameter', 'value', 'default', 'meaning', 'at the terminal'],
    PARAM_NAMES.map((name) => {
      const param = paramOf(name);
      const usual = param.default === null ? '' : `\`${param.default}\``;
      return row(`\`${name}\``, expected(param), usual, param.text, `\`${param.flag}\``);
    }),
  ),
  'scale-units': table(
    ['`scale_units`', 'meaning'],
    SCALE_UNITS.map((name) => row(`\`${name}\``, SCALE_UNIT_TABLE[name].text)),
  ),
  'error-codes': table(
    ['code', 'what happened', 'what to do', 'HTTP', 'exit'],
    ERROR_CODES.map((code) => {
      const { what, advice, http, exit } = errorFacts(code);
      return row(`\`${code}\``, what, advice.join(' '), http, exit);
    }),
  ),
  'http-error-codes': table(
    ['code', 'HTTP', 'what happened'],
    Object.entries(HTTP_ERROR_TABLE).map(([code, { http, what }]) => row(`\`${code}\``, http, what)),
  ),
  'wrong-options': table(
    ['`new AstroJobs(…)`', 'what it throws'],
    WRONG_OPTIONS.map(([code, options]) => row(`\`${code}\``, refusalOf(options))),
  ),
  settings: table(
    ['key in a file', 'variable', 'flag', 'option of the library', 'meaning', 'default'],
    SETTING_NAMES.map((name) => {
      const { variable, flag, option, text, usual, more, isVariableOnly } = settingOf(name);
      const key = code(isVariableOnly ? undefined : name);
      const meaning = more === undefined ? text : `${text} ([more](${more}))`;
      return row(key, code(variable), code(flag?.split(' ')[0]), code(option), meaning, usual);
    }),
  ),
  mistakes: table(
    ['typed behind `astro-jobs`', 'answer'],
    MISTAKES.map(([typed, answer]) => row(code(typed), code(answer))),
  ),
  'solved-result': fields(solvedResultSchema, {
    capture: '#capture',
    astrometry: '#astrometry',
    observation: 'moving-objects.md#where-the-telescope-stood',
    moving_objects: 'moving-objects.md#files-of-elements',
    solve: '#solve',
    image_quality: 'quality.md#image_quality',
    photometry: 'quality.md#photometry',
    candidates: 'quality.md#candidates',
    exports: 'operations.md#exports-with-the-job',
  }),
  'failed-result': fields(failedResultSchema, {
    capture: '#capture',
    error_code: 'errors.md',
    solve: '#solve',
  }),
  capture: fields(captureSchema, {
    notes: '#what-makes-a-field-be-left-out',
    sources: '#which-keys-feed-each-field',
  }),
  'capture-note': fields(captureNoteSchema),
  astrometry: fields(astrometrySchema, {
    projection: '#a-picture-of-the-whole-sky',
    image_circle: '#a-picture-of-the-whole-sky',
    subject: '#the-subject',
    'quality.coverage': '#good-to-the-corners',
    'quality.trailed': '#trailed-stars',
    objects: '#an-object',
  }),
  object: fields(astroObjectSchema, {
    prominence: '#prominence',
    uncertainty_arcmin: 'moving-objects.md#how-far-off',
    motion: 'moving-objects.md#what-is-listed',
  }),
  subject: fields(subjectSchema),
  horizon: fields(horizonSchema),
  solve: fields(solveSchema, { hints: 'operations.md#what-is-remembered', fit: '#the-fit' }),
  hint: fields(hintSchema),
  attempt: fields(attemptSchema),
  'lens-fit': fields(lensFitSchema, { good_to_corners: '#good-to-the-corners' }),
  scopes: table(
    ['scope', 'what it allows'],
    SCOPES.map((scope) => row(`\`${scope}\``, SCOPE_TABLE[scope])),
  ),
};

const FILES = [
  'docs/operations.md',
  'docs/http.md',
  'docs/errors.md',
  'docs/command-line.md',
  'docs/result.md',
];

/** Each document with what it should hold. */
export async function* tables(): AsyncGenerator<[path: string, text: string]> {
  const written = new Set<string>();
  for (const file of FILES) {
    const before = await readFile(file, 'utf8');
    const after = before.replace(
      /<!-- table: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g,
      (whole: string, name: string) => {
        written.add(name);
        return `<!-- table: ${name} -->\n${TABLES[name] ?? whole}\n<!-- end -->`;
      },
    );
    yield [file, after];
  }
  const missing = Object.keys(TABLES).filter((name) => !written.has(name));
  if (missing.length > 0) throw new Error(`No document has the table ${missing.join(', ')}`);
}
