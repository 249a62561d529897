import { Socket } from 'node:net';
import type pg from 'pg';
import { driver } from './driver.js';

/** node-postgres emits the end of a connection that is checked out as an event, and without a listener it would end the process. */
function guardedClient(): typeof pg.Client {
  return class GuardedClient extends driver().Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.on('error', () => {});
    }
  };
}

/**
 * The TCP connections of a pool and of the clients beside it, so that they can be cut when they are closed: a server that does not
 * answer keeps no process alive.
 */
export class Connections {
  readonly #sockets = new Set<Socket>();
  #cut = false;
  /** To be spread into the options of a pool or client. */
  readonly options = { Client: guardedClient(), stream: (): Socket => this.#socket() };

  /** Cuts all that are open, and at once those that are opened later. */
  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #socket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Not before the client has begun to connect, which would open a destroyed socket again.
    if (this.#cut) setImmediate(() => socket.destroy());
    return socket;
  }
}
