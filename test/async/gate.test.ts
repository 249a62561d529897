import { expect, it } from 'vitest';
import { Gate } from '../../src/async/gate.js';

it('gives the next place to the key that has had none for the longest time, however many calls of others came before', async () => {
  const gate = new Gate({ places: 1 });
  const order: string[] = [];
  const leave = await gate.enter('many');
  const call = (key: string) =>
    gate.run(async () => {
      order.push(key);
    }, key);
  const calls = ['many', 'many', 'many', 'few', 'many', 'other', 'few'].map(call);
  leave();
  await Promise.all(calls);
  expect(order).toEqual(['few', 'other', 'many', 'few', 'many', 'many', 'many']);
});
