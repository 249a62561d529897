import assert from 'node:assert/strict';
import { newJobId } from '../../job/id.js';
import { type Checks, claim, contentOf, create, LAST_LINE, settle } from './under-test.js';

export const logs: Checks = {
  'keeps every call whole and in order': async (store) => {
    const { job_id } = (await create(store)).status;
    const lines = Array.from({ length: 20 }, (_, line) => `line ${line} ✓\n`);
    for (const line of lines) await store.appendLog(job_id, line);
    const text = (await contentOf(await store.log(job_id))).toString();
    assert.equal(text, lines.join(''), 'the log is not what was added, in this order');
    const part = await contentOf(await store.log(job_id), { start: 5, end: 5 });
    assert.equal(
      part.toString(),
      '0',
      '`read` does not return the bytes from `start` up to and including `end`',
    );
  },

  'ends with what the outcome of the job brings': async (store) => {
    const running = await claim(store, await create(store));
    const { job_id } = running.status;
    await store.appendLog(job_id, 'solving\n');
    await settle(store, running);
    const text = (await contentOf(await store.log(job_id))).toString();
    assert.equal(text, `solving\n${LAST_LINE}`, 'the log does not end with the text of the outcome');
  },

  'takes nothing for a job that is not there': async (store) => {
    const id = newJobId();
    await store.appendLog(id, 'without a reader');
    assert.equal(await store.log(id), undefined, 'there is a log without a job');
    assert.equal(await store.get(id), undefined, 'a log has made a job');
  },
};
