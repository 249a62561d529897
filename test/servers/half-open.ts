import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut without either side being told: bytes vanish, connections stay. */
export interface HalfOpenProxy {
  port: number;
  cut(): void;
  /** What was connected stays dead; new connections pass. */
  mend(): void;
  close(): Promise<void>;
}

export async function halfOpenProxy(target: { port: number }): Promise<HalfOpenProxy> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const server = createServer((inner) => {
    const born = { dead: isCut };
    const outer = connect(target.port, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (isCut) born.dead = true;
        if (!born.dead) to.write(bytes);
      });
      from.on('error', () => {});
      // The end of a connection does not pass a cut either.
      from.on('close', () => {
        sockets.delete(from);
        if (!isCut && !born.dead) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
