import { readFileSync } from 'node:fs';

const here = (name) => new URL(name, import.meta.url);

/** Lines of a tab-separated table beside this file, without comments. */
export function readTable(name) {
  return readFileSync(here(name), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t').map((cell) => cell.trim()));
}

export function separationArcmin(a, b) {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((b.dec - a.dec) * rad) / 2) ** 2 +
    Math.cos(a.dec * rad) * Math.cos(b.dec * rad) * Math.sin(((b.ra - a.ra) * rad) / 2) ** 2;
  return ((2 * Math.asin(Math.min(1, Math.sqrt(h)))) / rad) * 60;
}

/** Groups items so that every two joined keys share a group (union-find). */
export class Groups {
  #parent = new Map();

  find(key) {
    let root = key;
    while (this.#parent.has(root)) root = this.#parent.get(root);
    if (root !== key) this.#parent.set(key, root);
    return root;
  }

  join(a, b) {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.#parent.set(y, x);
  }
}
