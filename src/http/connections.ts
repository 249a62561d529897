import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientOf } from './clients.js';
import { HttpError } from './errors.js';

/** How many connections a server keeps, and for how long. */
export interface ConnectionLimits {
  /** Connections open at one time. @default 4096 */
  connections: number;
  /** Of these, connections of one address (IPv6: one /64); those of trusted proxies are not counted so. @default 1024 */
  connectionsPerClient: number;
  /** Seconds in which the headers of a request must have come. @default 20 */
  headerSeconds: number;
  /** Seconds in which a client must have read what was last written to it. @default 60 */
  stalledSeconds: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  connections: 4096,
  connectionsPerClient: 1024,
  headerSeconds: 20,
  stalledSeconds: 60,
};

/** Connections above the limits that may stay open until they have been told so. */
const SPARE = 64;
/** Time in which such a connection has to ask something. */
const REFUSED_MS = 2_000;

/**
 * Counts the connections of a server. One above the limits gets its first request answered with a refusal and is closed then;
 * when too many of these are open, they are closed at once.
 */
export function limitConnections(
  server: Server,
  limits: Pick<ConnectionLimits, 'connections' | 'connectionsPerClient'>,
  isProxy: (address: string) => boolean,
) {
  const ofClient = new Map<string, number>();
  const refused = new WeakMap<Socket, HttpError>();
  let open = 0;
  server.maxConnections = limits.connections + SPARE;
  server.on('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    const client = clientOf(remoteAddress);
    const ofThis = (ofClient.get(client) ?? 0) + 1;
    open += 1;
    ofClient.set(client, ofThis);
    socket.once('close', () => {
      open -= 1;
      const now = (ofClient.get(client) ?? 1) - 1;
      if (now > 0) ofClient.set(client, now);
      else ofClient.delete(client);
    });
    const counted = remoteAddress === undefined || !isProxy(remoteAddress);
    const above = counted ? ofThis - limits.connectionsPerClient : 0;
    if (above > SPARE) socket.destroy();
    else if (above > 0)
      refuse(socket, tooMany(429, `At most ${limits.connectionsPerClient} connections of one address`));
    else if (open > limits.connections) refuse(socket, tooMany(503, 'The server has too many connections'));
  });

  function refuse(socket: Socket, why: HttpError): void {
    refused.set(socket, why);
    const silent = setTimeout(() => socket.destroy(), REFUSED_MS);
    socket.once('close', () => clearTimeout(silent));
  }

  /** Why the requests of a connection are refused; undefined for one within the limits. */
  return (socket: Socket): HttpError | undefined => refused.get(socket);
}

const tooMany = (status: 429 | 503, message: string) =>
  new HttpError('too_many_connections', message, { 'retry-after': '5', connection: 'close' }, status);
