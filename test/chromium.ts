import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../scripts/setup/needs.mjs';

/** The Chromium of this machine. */
export function launchChromium(...args: string[]): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: apt-get install chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
