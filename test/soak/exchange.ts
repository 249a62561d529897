import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface Sent {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Address of this machine that the request comes from, so that each client is one of its own. */
  from: string;
}

/** Sends one request on a connection of its own; `opened` rejects when that breaks before there is an answer. */
export function open(url: string | URL, { method = 'GET', headers = {}, body, from }: Sent) {
  const outgoing: ClientRequest = request(url, { method, headers, localAddress: from, agent: false });
  const opened = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  outgoing.on('error', () => {});
  // Whoever has left hears no more.
  opened.catch(() => {});
  outgoing.end(body);
  return { outgoing, opened };
}

/** A whole request and its answer. */
export async function exchange(url: string | URL, sent: Sent): Promise<{ status: number; text: string }> {
  const response = await open(url, sent).opened;
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return { status: response.statusCode ?? 0, text };
}
