import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { defaultExtractorEnv } from '../../defaults.js';
import { AstroJobsError } from '../../job/errors.js';
import type { SolveParams } from '../../job/param-table.js';
import { failedResultSchema, type JobResult } from '../../job/result.js';
import { CannotStart, runProcess, wasKilled } from '../../process/run-process.js';

export interface ExtractorRequest {
  /** Absolute path of the script. */
  bin: string;
  /** A path of safe characters: the script may hand it to a shell. */
  imagePath: string;
  params: SolveParams;
  /** Working folder of the script. */
  scratch: string;
  /** Paths of this machine that the script can learn of, and what its result says in their place. */
  hidden?: ReadonlyMap<string, string>;
  signal: AbortSignal;
  log(text: string): void;
}

/** A document with thousands of objects has less than a megabyte. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/**
 * Runs the external extraction script: `BIN --image PATH [--scale-low X] [--scale-high Y] [--downsample N] [--timeout S]`.
 * With exit status 0 or 2 it has printed a result document, which is passed on as it is, but for `hidden`.
 *
 * @throws AstroJobsError `solver_unavailable` when it cannot be started, `solver_crashed` for another exit status,
 * `invalid_solver_output` for output that is no result document; `signal.reason` when it was ended.
 */
export async function runExtractor({
  bin,
  imagePath,
  params,
  scratch,
  hidden = new Map(),
  signal,
  log,
}: ExtractorRequest): Promise<JobResult> {
  const args = ['--image', imagePath];
  if (params.scale_low !== null) args.push('--scale-low', String(params.scale_low));
  if (params.scale_high !== null) args.push('--scale-high', String(params.scale_high));
  args.push('--downsample', String(params.downsample), '--timeout', String(params.timeout));

  const { program, before } = await commandOf(bin);
  let output = '';
  const run = () => {
    output = '';
    return runProcess({
      program,
      args: [...before, ...args],
      cwd: scratch,
      inherited: extractorEnvironment(),
      signal,
      maxOutputBytes: MAX_DOCUMENT_BYTES,
      maxLineBytes: MAX_DOCUMENT_BYTES,
      onLine: (line, from) => {
        log(`${line}\n`);
        if (from === 'stdout') output += `${line}\n`;
      },
    }).catch((error: unknown) => {
      if (error instanceof CannotStart)
        throw new AstroJobsError('solver_unavailable', `${bin} cannot be started: ${error.message}`);
      throw error;
    });
  };
  let end = await run();
  if (wasKilled(end)) {
    log(`The extraction script was ended by ${end.signal}; once more\n`);
    end = await run();
  }
  if (end.exitCode !== 0 && end.exitCode !== 2) {
    const how =
      end.signal === undefined ? `ended with exit status ${end.exitCode}` : `was ended by ${end.signal}`;
    throw new AstroJobsError('solver_crashed', `The extraction script ${how}; what it printed is in the log`);
  }
  return parseDocument(output, hidden);
}

/** What a script of others is told of this process: what programs need to run, and what `ASTRO_EXTRACT_ENV` names. */
function extractorEnvironment(): Record<string, string> {
  const named = new Set(['PATH', 'HOME', 'LANG', 'VIRTUAL_ENV', ...defaultExtractorEnv()]);
  const passed = Object.entries(process.env).filter(([name]) => named.has(name) || name.startsWith('PYTHON'));
  return Object.fromEntries(passed) as Record<string, string>;
}

/** A Python script without a run bit goes through the interpreter. */
async function commandOf(bin: string): Promise<{ program: string; before: string[] }> {
  const runnable = await access(bin, constants.X_OK).then(
    () => true,
    () => false,
  );
  const interpreted = !runnable && bin.endsWith('.py');
  return interpreted ? { program: 'python3', before: [bin] } : { program: bin, before: [] };
}

/** Results are read elsewhere, and by others. */
function withoutPaths(text: string, hidden: ReadonlyMap<string, string>): string {
  let rest = text;
  for (const [path, instead] of hidden) rest = rest.replaceAll(path, instead);
  return rest;
}

function parseDocument(output: string, hidden: ReadonlyMap<string, string>): JobResult {
  const invalid = (why: string, cause?: unknown) =>
    new AstroJobsError('invalid_solver_output', `The extraction script printed ${why}; see the log`, {
      cause,
    });
  let document: unknown;
  try {
    document = JSON.parse(output, (_, value: unknown) =>
      typeof value === 'string' ? withoutPaths(value, hidden) : value,
    );
  } catch (error) {
    throw invalid(output.trim() === '' ? 'nothing' : 'no JSON document', error);
  }
  const ok = (document as { ok?: unknown } | null)?.ok;
  if (typeof ok !== 'boolean') throw invalid('a document without `ok`');
  if (ok) return document as JobResult;
  // Older scripts give no code; what they say is kept.
  const failed = failedResultSchema.safeParse({
    error_code: 'no_solution',
    error: 'Not solved',
    ...(document as object),
  });
  if (!failed.success) throw invalid('a failure without an `error`');
  return failed.data;
}
