import { createHash } from 'node:crypto';

/** Whether `If-None-Match` names the entity tag; compared weakly, as RFC 9110 has it for reads. */
export function matchesTag(request: Request, etag: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  const tags = request.headers.get('if-none-match')?.split(',').map(bare) ?? [];
  return tags.includes('*') || tags.includes(bare(etag));
}

/** A tag of whatever bytes or names tell one version from another; weak, for the answer may come compressed. */
export function tagOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return `W/"${hash.digest('base64url').slice(0, 22)}"`;
}

/** 304 for a caller that has this version already, without making it once more. */
export async function unlessKnown(
  request: Request,
  headers: Readonly<Record<string, string>> & { etag: string },
  make: () => Response | Promise<Response>,
): Promise<Response> {
  if (matchesTag(request, headers.etag)) return new Response(null, { status: 304, headers });
  const response = await make();
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
