import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { JobStatus } from '../job/status.js';

type WorkerIdentity = NonNullable<JobStatus['worker']>;

function read(from: () => string): string {
  try {
    return from().trim();
  } catch {
    return '';
  }
}

let identity: Required<WorkerIdentity> | undefined;

/** This process, as it is written into the status of a job that it runs. */
export function thisWorker(): Required<WorkerIdentity> {
  // A pid says something only within one boot and one pid namespace; two containers may share a host name.
  identity ??= {
    host: hostname(),
    pid: process.pid,
    machine: [
      read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')).slice(0, 8),
      read(() => readlinkSync('/proc/self/ns/pid')).replace(/\D/g, ''),
    ].join('-'),
  };
  return identity;
}

/** Whether the process that wrote this is known to be gone. `false` where that cannot be known from here. */
export function isDeadHere(worker: WorkerIdentity | undefined): boolean {
  if (!worker) return false;
  const { host, machine } = thisWorker();
  return worker.host === host && worker.machine === machine && !isProcessAlive(worker.pid);
}

/** Whether a process with this id exists on this machine. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
