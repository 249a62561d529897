import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';
import { formatCards } from '../../src/fits/write-card.js';
import { sourceListFits } from '../../src/fits/write-table.js';
import { type ServeOptions, serve } from '../../src/http/index.js';
import {
  AstroJobs,
  type AstroJobsOptions,
  MemoryJobStore,
  type SolveContext,
  type Solver,
} from '../../src/index.js';
import type { Attempt, SolveReport } from '../../src/job/solve-report.js';
import type { SolveOutcome } from '../../src/solver/solver.js';
import { wcsCards } from '../../src/wcs/cards.js';
import type { Wcs } from '../../src/wcs/wcs.js';

/** A plain tangent plane: 10 arcseconds a pixel, north up as in a photograph, 15 Mon somewhere in the middle. */
export const WCS: Wcs = {
  crval: [100.2, 9.9],
  crpix: [60.5, 40.5],
  cd: [
    [-10 / 3600, 0],
    [0, -10 / 3600],
  ],
  width: 120,
  height: 80,
};

let picture: Promise<Buffer> | undefined;

/** A small picture without any sky in it; the scripted solver does not look. */
export function smallPicture(): Promise<Buffer> {
  picture ??= sharp({ create: { width: 120, height: 80, channels: 3, background: '#223' } })
    .png()
    .toBuffer();
  return picture;
}

export interface Script extends Solver {
  /** What is found; of the size of the picture. */
  wcs: Wcs;
  /** What the next solves do: at once, or when released, or never. */
  behaviour: 'solve' | 'fail' | 'hang';
  /** What its reports say was tried. */
  attempts: Attempt[];
  /** Of the solve that began last: what it can tell of its progress. */
  context?: SolveContext;
}

export function scriptedSolver(): Script {
  const script: Script = {
    name: 'scripted',
    behaviour: 'solve',
    attempts: [],
    wcs: WCS,
    inspect: async () => ({ name: 'scripted', available: true, indexes: [] }),
    async solve(_request, context) {
      script.context = context;
      context.log('<b>scripted</b> solver\n');
      context.onProgress({ stage: 'solving', fraction: 0.5 });
      if (script.behaviour === 'hang') {
        await new Promise((_, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
          if (context.signal.aborted) reject(context.signal.reason);
        });
      }
      const report = { solver: 'scripted', seconds: 0.1, attempts: script.attempts };
      if (script.behaviour === 'fail') {
        return { kind: 'failed', code: 'no_solution', message: 'No field matches', report, files: {} };
      }
      return solved(context, script.wcs, report);
    },
  };
  return script;
}

async function solved({ scratch }: SolveContext, wcs: Wcs, report: SolveReport): Promise<SolveOutcome> {
  const header = formatCards([{ keyword: 'SIMPLE', value: 1, comment: '' }, ...wcsCards(wcs)]);
  const files = {
    'solution.wcs': Buffer.from(`${header}${'END'.padEnd(80)}`.padEnd(2880), 'latin1'),
    'solution.axy': sourceListFits({ x: [10, 60.5], y: [20, 40.5] }),
  };
  const paths: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(files)) {
    paths[name] = join(scratch, name);
    await writeFile(paths[name], bytes);
  }
  return {
    kind: 'plate',
    wcs,
    sources: { detected: 2, matched: 2 },
    quality: { rms_arcsec: 1.5, log_odds: 60 },
    report,
    files: paths,
  };
}

export interface TestServer {
  url: string;
  api: string;
  jobs: AstroJobs;
  solver: Script;
  submit(name?: string): Promise<string>;
  /** Submits and waits for the end. */
  settle(name?: string): Promise<string>;
}

/** A server on loopback for one test, over jobs in memory and a scripted solver. */
export async function testServer(
  options: ServeOptions = {},
  jobsOptions: AstroJobsOptions = {},
): Promise<TestServer> {
  const solver = scriptedSolver();
  const jobs = new AstroJobs({ store: new MemoryJobStore(), solver, concurrency: 2, ...jobsOptions });
  const server = await serve(jobs, { port: 0, ...options });
  onTestFinished(async () => {
    await server.close({ graceSeconds: 0.5 });
    await jobs.close();
  });
  const submit = async (name = 'sky.png') =>
    (await jobs.submit(await smallPicture(), {}, { filename: name })).job_id;
  return {
    url: server.url,
    api: `${server.url}api/v1`,
    jobs,
    solver,
    submit,
    async settle(name) {
      const id = await submit(name);
      await jobs.wait(id, { timeout: 30 });
      return id;
    },
  };
}

/** What answers of the REST API hold, as far as tests look into them. */
export interface Answer {
  ok: boolean;
  job_id: string;
  filename: string;
  error: string;
  error_code: string;
  next: string;
  jobs: { job_id: string }[];
  files: { name: string }[];
}

/** What answers of the nova API hold. */
export interface NovaAnswer {
  status: string;
  session: string;
  subid: number;
  hash: string;
  jobs: number[];
  job_ids: number[];
  processing_finished: string;
  objects_in_field: string[];
  annotations: object[];
  orientation: number;
  parity: number;
}

type Pending = Response | Promise<Response>;

export const answerOf = async (response: Pending) => (await (await response).json()) as Answer;
export const novaAnswerOf = async (response: Pending) => (await (await response).json()) as NovaAnswer;
