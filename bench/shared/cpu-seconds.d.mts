export function orphanSeconds(): number;
export function settle(): Promise<void>;
export function timed<T>(work: () => Promise<T>): Promise<{ result: T; wall_s: number; cpu_s: number }>;
