import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { pythonWith } from '../../scripts/setup/needs.mjs';

/** What a Python program of this folder answers to a question, both as JSON. */
export function ask<T>(module: 'ephem' | 'sgp4', program: string, question: unknown): T {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const answer = execFileSync(pythonWith(module)!, [path], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return JSON.parse(answer) as T;
}
