import type { JobStatus } from '../../src/job/status.js';
export const CLIENTS: number;
export function clientOf(n: number): string;
export function listedStatus(n: number): JobStatus;
