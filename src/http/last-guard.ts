import type { Logger } from '../index.js';

export interface LastGuard extends Disposable {
  /** Aborted, with the fault as its reason, at the first one. */
  signal: AbortSignal;
}

/**
 * The last guard of a process that serves: a fault that nothing caught is logged, and `signal` tells the program to answer what
 * it has and to end with an error, for its supervisor to start a sound one. Without it Node would cut all connections at once.
 * A library must not take this decision for its host, so only the program `astro-jobs serve` sets it up.
 */
export function lastGuard(logger: Logger): LastGuard {
  const faulty = new AbortController();
  const onFault = (fault: unknown) => {
    logger.error({ err: fault }, 'A fault that nothing caught; the server answers what it has, and ends');
    faulty.abort(fault);
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return {
    signal: faulty.signal,
    [Symbol.dispose]() {
      process.off('uncaughtException', onFault);
      process.off('unhandledRejection', onFault);
    },
  };
}
