import { connect } from 'node:net';
import { dataFolder, findProgram, freePort, serve, type TestServer } from './process.js';

/** Valkey and Redis speak the same protocol; either will do. */
export function findRedis(): string | undefined {
  return findProgram('valkey-server') ?? findProgram('redis-server');
}

/** An empty Redis that keeps an append-only file, as an engine of jobs should have. */
export async function startRedis(): Promise<TestServer> {
  const program = findRedis();
  if (!program) throw new Error('Neither Valkey nor Redis is installed: apt-get install redis-server');
  const folder = await dataFolder('redis');
  const port = await freePort();
  const server = await serve({
    program,
    args: [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ],
    folder,
    ping: () => ping(port),
    signals: { fast: 'SIGTERM', immediate: 'SIGKILL' },
  });
  return { url: `redis://127.0.0.1:${port}`, port, ...server };
}

function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 2000 });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('data', (bytes) => {
      socket.destroy();
      if (bytes.toString().startsWith('+PONG')) resolve();
      else reject(new Error(bytes.toString()));
    });
    socket.write('PING\r\n');
  });
}
