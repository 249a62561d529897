import { describe, expect, it } from 'vitest';
import { progressDisplay } from '../../src/cli/progress.js';
import { asStatus, type JobStatus } from '../../src/job/status.js';

const ID = '0123456789ab4def8123456789abcdef';
const status = (fields: Partial<JobStatus>): JobStatus =>
  asStatus({
    job_id: ID,
    state: 'processing',
    message: null,
    params: {},
    created_at: Date.now() / 1000,
    updated_at: Date.now() / 1000,
    ...fields,
  });

function shown(statuses: JobStatus[], stream: { isTTY?: boolean; columns?: number }): string {
  let text = '';
  const display = progressDisplay({ ...stream, write: (part: string) => (text += part) });
  for (const one of statuses) display.show(one);
  display.end();
  return text;
}

const STAGES = [
  status({ state: 'queued' }),
  status({ progress: { stage: 'finding stars' } }),
  status({ progress: { stage: 'solving', fraction: 0.5 } }),
  status({ progress: { stage: 'solving', fraction: 0.75 } }),
  status({ state: 'done', message: 'Solved' }),
];

describe('progress', () => {
  it('is one plain line for each change of words in a pipe', () => {
    expect(shown(STAGES, {}).split('\n')).toEqual([
      `${ID} queued: queued`,
      `${ID} processing: finding stars`,
      `${ID} processing: solving`,
      `${ID} done: Solved`,
      '',
    ]);
  });

  it('is one line that is drawn again on a terminal, with a bar where the fraction is known, and goes away', () => {
    const text = shown(STAGES, { isTTY: true, columns: 100 });
    expect(text).not.toContain('\n');
    expect(text).toContain('█'.repeat(12) + '░'.repeat(12));
    expect(text).toContain('75%');
    expect(text.endsWith('\r\u001b[K')).toBe(true);
  });

  it('fits the width of the terminal', () => {
    const drawn = shown([status({ filename: 'x'.repeat(300) })], { isTTY: true, columns: 40 });
    for (const line of drawn.split('\r\u001b[K')) expect([...line].length).toBeLessThan(40);
  });

  it('spells out what a file name or a message would do to the terminal', () => {
    const nasty = status({ filename: '\u001b[2Jx', progress: { stage: '\u001b]0;title\u0007' } });
    for (const stream of [{}, { isTTY: true, columns: 200 }]) {
      const text = shown([nasty], stream).replaceAll('\r\u001b[K', '');
      expect(text).toContain('\\u001b]0;title\\u0007');
      expect(text).not.toContain('\u001b');
    }
  });
});
