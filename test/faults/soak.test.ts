import { expect, it } from 'vitest';
import { soak } from '../../bench/soak/soak.mjs';

// The short form of `node bench/soak/main.mjs`: the same chaos, for some seconds.
it('ends every acknowledged job with its own result, and leaves nothing, whatever is killed, stopped or full', async () => {
  const counts = await soak({
    seconds: 8,
    jobs: 25,
    real: 0,
    workers: 2,
    pauseSeconds: [0.3, 1.2],
    settleSeconds: 150,
  });
  if (!counts.disk_filled)
    console.error('\n!!! The disk could not be filled: mounting a tmpfs is not permitted here.\n');
  expect(counts).toMatchObject({
    submitted: 25,
    done: 25,
    error: 0,
    unsettled: 0,
    lost: 0,
    wrong_result: 0,
    left_in_queue: 0,
    left_in_scratch: 0,
    left_processes: 0,
  });
  expect(counts.kills + counts.stops + counts.fills).toBeGreaterThan(2);
}, 240_000);
