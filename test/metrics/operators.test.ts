import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { pythonWith } from '../../scripts/setup/needs.mjs';
import { AstroJobWorker } from '../../src/astro-job-worker.js';
import { type JobStatus, jsonLogger, MemoryJobStore } from '../../src/index.js';
import { Metric, metricsText } from '../../src/metrics/metrics.js';
import { scriptedSolver, smallPicture, testServer } from '../http/support.js';
import { describeWith } from '../needs.js';

interface Line {
  level: number;
  time: number;
  msg: string;
  [field: string]: unknown;
}

function recorded(level: 'debug' | 'info' | 'error' = 'info') {
  const lines: Line[] = [];
  return { lines, logger: jsonLogger({ level, write: (line) => lines.push(JSON.parse(line) as Line) }) };
}

const KEY_BYTES = { headers: { 'content-type': 'application/octet-stream' } };

async function settledJob(jobs: Awaited<ReturnType<typeof testServer>>['jobs']): Promise<JobStatus> {
  const { job_id } = await jobs.submit(await smallPicture());
  await jobs.wait(job_id);
  return jobs.status(job_id);
}

describe('what a server tells those who run it', () => {
  it('is a line for each request and job, as pino writes them, without queries and keys', async () => {
    const { lines, logger } = recorded();
    const token = 'a-secret-token';
    const { api } = await testServer({ logger, token }, { logger });
    const body = new Uint8Array(await smallPicture());
    const headers = { ...KEY_BYTES.headers, authorization: `Bearer ${token}` };
    const response = await fetch(`${api}/jobs?scale_low=1&apikey=hidden`, { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    const sent = await fetch(`${api}/jobs`, { method: 'POST', body, headers });
    const { job_id } = (await sent.json()) as { job_id: string };
    await fetch(`${api}/jobs/${job_id}/result?wait=30`, { headers });
    const ended = await vi.waitUntil(() => lines.find(({ msg }) => msg === 'The run has ended'), {
      timeout: 20_000,
    });
    expect(ended).toMatchObject({ level: 30, job_id, outcome: 'done', solver: 'scripted', attempt: 1 });
    const request = lines.find(({ reqId }) => reqId === sent.headers.get('x-request-id'));
    expect(request).toMatchObject({
      level: 30,
      method: 'POST',
      path: '/api/v1/jobs',
      status: 202,
      pid: process.pid,
    });
    expect(Math.abs(Number(request?.time) - Date.now())).toBeLessThan(60_000);
    const all = JSON.stringify(lines);
    for (const secret of [token, 'hidden', 'apikey', 'scale_low=']) expect(all).not.toContain(secret);
  });

  it('keeps to its level, and takes passwords and keys out of errors', () => {
    const { lines, logger } = recorded('error');
    logger.warn({}, 'not written');
    const err = new Error('cannot reach postgres://me:pass@db/x with ajk_0123456789abcdef_secret');
    logger.error({ err }, 'written');
    expect(lines).toMatchObject([{ level: 50, msg: 'written', err: { type: 'Error' } }]);
    expect(JSON.stringify(lines)).not.toMatch(/pass@|secret/);
  });

  it('is whether it lives and is ready, to everybody, and metrics to the administrator only', async () => {
    const { url, jobs } = await testServer({ token: 'admin' });
    expect((await fetch(`${url}healthz`)).status).toBe(200);
    expect((await fetch(`${url}readyz`)).status).toBe(200);
    expect((await fetch(`${url}metrics`)).status).toBe(401);
    const headers = { authorization: 'Bearer admin' };
    expect((await fetch(`${url}metrics`, { headers })).status).toBe(200);
    await jobs.store.close();
    jobs.store.runnable = () => Promise.reject(new Error('away'));
    expect((await fetch(`${url}readyz`)).status).toBe(503);
    expect((await fetch(`${url}healthz`)).status).toBe(200);
  });
});

describe('metrics', () => {
  it('have no more series than are bounded, whatever is counted', () => {
    const metric = new Metric('m_total', 'M');
    for (let index = 0; index < 2000; index += 1) metric.add({ solver: `s${index}` });
    expect(metric.lines()).toHaveLength(501);
    expect(metric.lines()).toContain('m_total{solver="other"} 1500');
  });

  it('escape what stands in labels', () => {
    const metric = new Metric('m_total', 'M');
    metric.add({ solver: 'a"b\\c\nd' });
    expect(metricsText([metric], [])).toContain('m_total{solver="a\\"b\\\\c\\nd"} 1');
  });

  it('of a worker are at its probe', async () => {
    const store = new MemoryJobStore();
    const worker = new AstroJobWorker({ store, solver: scriptedSolver(), health: { port: 0 } });
    await worker.start();
    const text = await (await fetch(`http://127.0.0.1:${worker.healthPort}/metrics`)).text();
    expect(text).toContain('astro_jobs_jobs{state="queued"} 0');
    // No engine has been asked for in this process.
    expect(text).toMatch(/astro_jobs_engine_memory_bytes [1-9]/);
    await worker.close();
  });
});

describeWith(['prometheus'], 'metrics, read by the parser of Prometheus', () => {
  it('are accepted, and count what happened', async () => {
    const { url, jobs, solver } = await testServer();
    await settledJob(jobs);
    solver.behaviour = 'fail';
    await settledJob(jobs);
    await fetch(`${url}api/v1/jobs`);
    const input = await (await fetch(`${url}metrics`)).text();
    const script = `
import sys, json
from prometheus_client.parser import text_string_to_metric_families as parse
print(json.dumps([[s.name, s.labels, s.value] for f in parse(sys.stdin.read()) for s in f.samples]))`;
    const samples = JSON.parse(
      execFileSync(pythonWith('prometheus_client')!, ['-c', script], { input, encoding: 'utf8' }),
    ) as [string, Record<string, string>, number][];
    const value = (name: string, labels: Record<string, string> = {}) =>
      samples.find(
        ([sample, has]) => sample === name && Object.entries(labels).every(([k, v]) => has[k] === v),
      )?.[2];
    expect(value('astro_jobs_jobs', { state: 'done' })).toBe(1);
    expect(value('astro_jobs_jobs', { state: 'error' })).toBe(1);
    expect(value('astro_jobs_run_seconds_count', { outcome: 'no_solution' })).toBeGreaterThanOrEqual(1);
    expect(value('astro_jobs_stage_seconds_count', { stage: 'solving' })).toBeGreaterThanOrEqual(2);
    expect(
      value('astro_jobs_http_request_seconds_count', { route: '/api/v1/jobs', method: 'GET' }),
    ).toBeGreaterThanOrEqual(1);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(value('astro_jobs_queue_age_seconds')).toBe(0);
  });
});
