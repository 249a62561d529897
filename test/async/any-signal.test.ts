import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { anySignal } from '../../src/async/any-signal.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('a time limit among other signals holds, though nothing else refers to it and garbage is collected', async () => {
  const forever = new AbortController().signal;
  const inner = anySignal(forever, AbortSignal.timeout(300));
  const aborted = once(anySignal(inner, forever), 'abort');
  const collecting = setInterval(collectGarbage, 20);
  await aborted;
  clearInterval(collecting);
  expect(forever.aborted).toBe(false);
}, 20_000);
