import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { AstroJobsError } from '../index.js';
import { HttpError } from './errors.js';

/** Endings of names that the public DNS does not have (RFC 6761, 6762, 8375; ICANN for `internal`). */
const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

interface HostAndPort {
  /** In lower case, IPv6 without brackets. */
  name: string;
  port: string;
}

/** A `Host` header or an entry of `allowedHosts`; undefined for what is no host. */
function parseHost(text: string): HostAndPort | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@[\]\s]+?))\.?(?::(\d*))?$/i.exec(text.trim());
  const name = (match?.[1] ?? match?.[2])?.toLowerCase();
  return name === undefined ? undefined : { name, port: match?.[3] ?? '' };
}

/** Whether a `Host` header is one that the server answers to. */
export type HostCheck = (host: string) => boolean;

/**
 * Names of `allowedHosts`: `sky.example.org` with any port, `.example.org` with all names below it, `*` for every name.
 * @throws AstroJobsError `invalid_params` for what is no name
 */
export function namedHosts(allowedHosts: readonly string[]): HostCheck {
  if (allowedHosts.includes('*')) return () => true;
  const exact = new Set<string>();
  const suffixes: string[] = [];
  for (const entry of allowedHosts) {
    const host = parseHost(entry.replace(/^\./, ''));
    if (!host)
      throw new AstroJobsError('invalid_params', `Expected the name of a host, got ${JSON.stringify(entry)}`);
    exact.add(host.name);
    if (entry.startsWith('.')) suffixes.push(`.${host.name}`);
  }
  return (text) => {
    const host = parseHost(text);
    return (
      host !== undefined && (exact.has(host.name) || suffixes.some((suffix) => host.name.endsWith(suffix)))
    );
  };
}

/**
 * Names that no stranger can give this server's address to (DNS rebinding). On loopback those of this machine alone; beyond it
 * addresses, the bound name, the machine's own name, and names that only a local network can have.
 */
export function ownHosts(bound: string): HostCheck {
  if (isLoopback(bound)) {
    return (text) => {
      const name = parseHost(text)?.name;
      return name !== undefined && (isLoopback(name) || name.endsWith('.localhost'));
    };
  }
  const known = new Set([bound.toLowerCase(), hostname().toLowerCase()]);
  return (text) => {
    const name = parseHost(text)?.name;
    if (name === undefined) return false;
    const local = !name.includes('.') || PRIVATE_SUFFIXES.some((suffix) => name.endsWith(suffix));
    return isIP(name) !== 0 || local || known.has(name);
  };
}

/** @throws HttpError 421 `misdirected` */
export function checkHost(request: Request, isOwn: HostCheck): void {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  if (isOwn(host)) return;
  throw new HttpError(
    'misdirected',
    `This server does not answer as ${JSON.stringify(host.slice(0, 100))}; name it in \`allowedHosts\` (--allowed-hosts)`,
  );
}
