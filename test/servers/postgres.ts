import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { accountFor, dataFolder, findProgram, freePort, serve, type TestServer } from './process.js';

const DEBIAN = '/usr/lib/postgresql';

/** Where `initdb` and `postgres` are, the newest version first: Debian keeps them out of PATH. */
export function findPostgres(): { initdb: string; postgres: string } | undefined {
  let versions: string[] = [];
  try {
    versions = readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a));
  } catch {
    // not Debian: PATH is left
  }
  const folders = versions.map((version) => join(DEBIAN, version, 'bin'));
  const initdb = findProgram('initdb', folders);
  const postgres = findProgram('postgres', folders);
  return initdb && postgres ? { initdb, postgres } : undefined;
}

/** An empty PostgreSQL. `settings` are those of postgresql.conf. */
export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<TestServer> {
  const programs = findPostgres();
  if (!programs) throw new Error('PostgreSQL is not installed: apt-get install postgresql');
  const account = accountFor('postgres');
  const folder = await dataFolder('postgres', account);
  const port = await freePort();
  await promisify(execFile)(
    programs.initdb,
    ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { cwd: folder, ...account },
  );
  const all = { fsync: 'off', full_page_writes: 'off', max_connections: '200', ...settings };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const server = await serve({
    program: programs.postgres,
    args: [
      ...[
        '-D',
        join(folder, 'data'),
        '-p',
        String(port),
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'unix_socket_directories=',
      ],
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ...(account && { account }),
    folder,
    ping: async () => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('select 1');
      } finally {
        await client.end().catch(() => {});
      }
    },
    signals: { fast: 'SIGINT', immediate: 'SIGQUIT' },
  });
  return { url, port, ...server };
}
