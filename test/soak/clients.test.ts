import { expect, it } from 'vitest';
import { clientSoak } from './clients.js';

// The short form of `bench/soak/clients.ts`, which also says how long anything took and how large the server became.
it('clients that behave well lose nothing beside many that do not, and the server goes on', async () => {
  const found = await clientSoak({ good: 10, misbehaving: 50, rounds: 1, calmSeconds: 3, besideSeconds: 12 });
  expect(found.failures).toEqual([]);
  expect(found.right).toBe(found.acknowledged);
  expect(found.waits.filter(({ beside }) => beside).length).toBeGreaterThan(10);
  // How many more depends on what the machine leaves them.
  expect(found.deeds).toBeGreaterThan(10);
  expect(found).toMatchObject({ letIn: 0, alive: true });
  expect(found.said).not.toMatch(/unhandled|TypeError|rejection/i);
}, 120_000);
