import { createHash } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { formatCards } from '../../src/fits/write-card.js';
import { card } from '../../src/fits/write-header.js';
import { inventSky, USUAL_FORM, writeIndex } from '../engine/index-file/index-writer.js';
import { seededRandom } from '../sky/random.js';

export interface IndexFacts {
  id: number;
  lower_arcmin: number;
  upper_arcmin: number;
  /** Number of the piece of 48. */
  piece?: number;
}

const radians = (arcmin: number) => (arcmin / 60 / 180) * Math.PI;

/** A whole index file, of some 20 kB. */
export function indexFile({ id, lower_arcmin, upper_arcmin, piece }: IndexFacts): Buffer {
  const bytes = Buffer.from(writeIndex(inventSky(seededRandom(id), 200, 150, 4), USUAL_FORM));
  const values = {
    SCALE_L: radians(lower_arcmin),
    SCALE_U: radians(upper_arcmin),
    INDEXID: id,
    HEALPIX: piece ?? -1,
    HPNSIDE: piece === undefined ? 0 : 2,
  };
  for (const [keyword, value] of Object.entries(values)) {
    const at = bytes.indexOf(`${keyword.padEnd(8)}=`);
    if (at < 0) throw new Error(`The index writer writes no ${keyword}`);
    bytes.write(formatCards([card(keyword, value)]), at, 'latin1');
  }
  return bytes;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** An installation of solve-field whose configuration names one folder of index files, and no other. */
export interface Installation {
  folder: string;
  /** Makes the program look at it instead of at what this machine has. */
  env: NodeJS.ProcessEnv;
}

export async function makeInstallation(dir: string): Promise<Installation> {
  const folder = join(dir, 'indexes');
  for (const path of [folder, join(dir, 'astrometry/bin'), join(dir, 'astrometry/etc')])
    await mkdir(path, { recursive: true });
  const program = join(dir, 'astrometry/bin/solve-field');
  await writeFile(program, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  await writeFile(join(dir, 'astrometry/etc/astrometry.cfg'), `add_path ${folder}\nautoindex\n`);
  return { folder, env: { ASTRO_SOLVE_FIELD: program, ASTRO_INDEX_DIRS: '' } };
}

/** The user and the group of Linux that own nothing. */
const NO_RIGHTS = 65_534;

/** A user without rights, for a program that root would start; the program can read and enter `dir`. */
export async function unprivileged(dir: string): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  await chmod(dir, 0o755);
  return { uid: NO_RIGHTS, gid: NO_RIGHTS };
}

export interface FileServer {
  url: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

/** What the server does with a path: bytes, or a broken answer. */
export type Answer =
  | Buffer
  | { status: number }
  | { cutAfter: number; of: Buffer }
  | { stallAfter: number; of: Buffer };

/** Serves these paths, and 404 for all others. */
export async function serveFiles(answers: Readonly<Record<string, Answer>>): Promise<FileServer> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers[path] ?? { status: 404 };
    if (Buffer.isBuffer(answer)) response.setHeader('content-length', answer.length).end(answer);
    else if ('status' in answer) response.writeHead(answer.status).end('no');
    else if ('stallAfter' in answer) {
      response.setHeader('content-length', answer.of.length);
      response.write(answer.of.subarray(0, answer.stallAfter));
    } else {
      response.setHeader('content-length', answer.of.length);
      response.write(answer.of.subarray(0, answer.cutAfter), () => response.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
