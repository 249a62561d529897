import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRICS_TYPE } from '../metrics/metrics.js';

/** What a worker says of itself. */
export interface WorkerHealth {
  /** Whether it takes jobs: it has started, is not stopping, and its store answers. */
  ready: boolean;
  /** Jobs that it runs at this moment, and at most. */
  running: number;
  /** Jobs that it runs side by side, at most. */
  concurrency: number;
  /** Host name of its machine. */
  host: string;
  /** Its process id there. */
  pid: number;
}

export interface HealthEndpoint {
  port: number;
  close(): Promise<void>;
}

/** What is answered to probes, and to Prometheus. */
export interface HealthSources {
  health(): Promise<WorkerHealth>;
  metrics(): Promise<string>;
}

/**
 * `GET /healthz`: 200 as long as the process lives, for a liveness probe (a worker that is cut off waits, and must not be
 * killed for it). `GET /readyz`: 200 while it takes jobs, else 503. Both answer with the `WorkerHealth` as JSON.
 * `GET /metrics`: what Prometheus reads.
 */
export async function serveHealth(
  { host = '127.0.0.1', port }: { host?: string; port: number },
  { health, metrics }: HealthSources,
): Promise<HealthEndpoint> {
  const server: Server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method === 'GET' && path === '/metrics') {
      metrics().then(
        (text) => response.writeHead(200, { 'content-type': METRICS_TYPE }).end(text),
        () => response.writeHead(503).end(),
      );
      return;
    }
    if (request.method !== 'GET' || (path !== '/healthz' && path !== '/readyz')) {
      response.writeHead(404).end();
      return;
    }
    health().then(
      (body) => {
        response
          .writeHead(path === '/healthz' || body.ready ? 200 : 503, {
            'content-type': 'application/json',
            'cache-control': 'no-store',
          })
          .end(`${JSON.stringify(body)}\n`);
      },
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // The worker's jobs keep the process alive, not its probe.
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
