import { scheduled } from './scheduled.mjs';

const TICK_MS = 10;

/**
 * Watches the event loop of this process.
 * @returns how long it was held up at most, milliseconds since now or since the last reset to 0: on the wall, and of that at most as much as
 * the thread has computed itself
 */
export function heldUp() {
  const held = { wall: 0, own: 0 };
  let before = { at: performance.now(), computed: scheduled().computed };
  setInterval(() => {
    const now = { at: performance.now(), computed: scheduled().computed };
    const wall = now.at - before.at - TICK_MS;
    held.wall = Math.max(held.wall, wall);
    held.own = Math.max(held.own, Math.min(wall, now.computed - before.computed));
    before = now;
  }, TICK_MS).unref();
  return held;
}
