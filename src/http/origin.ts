/** Hosts, with their port where it is not the usual one, whose pages count as this server's own. */
export type OwnOrigins = readonly string[];

/**
 * Whether the page of another site makes a visitor's browser send this. A browser names the page's origin with everything that
 * may change something, and where it trusts the connection says in `Sec-Fetch-Site` how the two are related; scripts can set neither. A
 * program that is no browser sends neither.
 */
export function isForeign(request: Request, own: OwnOrigins): boolean {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  // Behind a proxy that rewrites `Host`, only the browser knows that page and server are one.
  if (site === 'same-origin') return false;
  if (origin === null) return site === 'cross-site';
  if (!URL.canParse(origin)) return true;
  const { host } = new URL(origin);
  const asked = request.headers.get('host') ?? new URL(request.url).host;
  return (
    host === '' ||
    (host !== normalHost(asked, origin) && !own.some((name) => host === normalHost(name, origin)))
  );
}

/** A host as URLs have it: in lower case, without the port that the origin's scheme implies. */
function normalHost(host: string, origin: string): string | undefined {
  const url = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
