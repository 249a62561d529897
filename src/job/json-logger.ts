import { hostname } from 'node:os';
import type { Logger } from './logger.js';

/** Which lines are written: those of this level and above. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** As pino numbers them. */
const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, warn: 40, error: 50, silent: 60 };
/** Names of the levels, the least important first. */
export const LOG_LEVELS = Object.keys(LEVELS) as LogLevel[];

/** What is logged, and where it goes. */
export interface JsonLoggerOptions {
  /** Nothing below this level is written. @default 'info' */
  level: LogLevel;
  /** Takes a line, its end included. */
  write(line: string): void;
}

/** A logger whose lines are those of pino: one JSON object each, with `level`, `time` (milliseconds), `pid`, `hostname`, `msg` and `err`. */
export function jsonLogger({ level, write }: JsonLoggerOptions): Logger {
  const about = { pid: process.pid, hostname: hostname() };
  const at = (name: Exclude<LogLevel, 'silent'>) => (fields: object, msg: string) => {
    if (LEVELS[name] < LEVELS[level]) return;
    const { err, ...others } = fields as { err?: unknown };
    const line = { level: LEVELS[name], time: Date.now(), ...about, ...others, msg };
    write(`${JSON.stringify(err === undefined ? line : { ...line, err: plainError(err) })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What pino's serializer makes of an error, and its code. A URL in a message keeps neither password nor query. */
function plainError(err: unknown): object {
  if (!(err instanceof Error)) return { type: typeof err, message: withoutSecrets(String(err)) };
  const { code } = err as { code?: unknown };
  return {
    type: err.name,
    message: withoutSecrets(err.message),
    stack: withoutSecrets(err.stack ?? ''),
    ...(typeof code === 'string' && { code }),
  };
}

const withoutSecrets = (text: string) =>
  text.replace(/:\/\/[^\s/@]{1,300}@/g, '://').replace(/\bajk_[\w-]{1,200}/g, 'ajk_…');
