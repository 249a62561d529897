import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { decoderChildren, isRunning, niceValues } from './children.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/orion.jpg', import.meta.url));
const DIST = new URL('../../dist/index.js', import.meta.url).href;

function host(program: string) {
  const source = `import { analyze } from '${DIST}'; const image = '${EXAMPLE}'; ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid === undefined) throw new Error('Node cannot be started');
  return { child, pid: child.pid, exit: once(child, 'exit') as Promise<[number | null]> };
}

it('a host ends by itself after an image, and its child with it', async () => {
  const { child, exit } = host(
    "const { ok, error } = await analyze(image, { solver: 'builtin' }); console.log(ok || error);",
  );
  const said = child.stdout?.toArray().then((chunks) => Buffer.concat(chunks).toString());
  expect(await exit).toEqual([0, null]);
  expect(await said).toBe('true\n');
});

it('a child that works does not outlive a host that is killed', async () => {
  const { child, pid } = host(
    "for (;;) await analyze(image, { solver: 'builtin' }, { isolation: 'process' });",
  );
  try {
    let children: number[] = [];
    await vi.waitFor(
      () => {
        children = decoderChildren(pid);
        expect(children).toHaveLength(1);
      },
      { timeout: 20_000 },
    );
    // Whoever answers requests comes first.
    const lower = Math.min(getPriority() + 5, 19);
    const values = () => new Set(children.flatMap(niceValues));
    await vi.waitFor(() => expect(values()).toEqual(new Set([lower])), { timeout: 20_000 });
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(children.filter(isRunning)).toEqual([]), { timeout: 5000 });
  } finally {
    child.kill('SIGKILL');
  }
});
