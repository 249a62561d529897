import { HttpError } from '../errors.js';
import { openApiDocument } from '../openapi.js';
import type { Action } from '../options.js';
import { json } from '../responses.js';
import type { Method, Route } from '../router.js';
import * as files from './files.js';
import * as jobs from './jobs.js';
import * as operate from './operate.js';
import * as session from './session.js';
import * as sky from './sky.js';
import * as streams from './streams.js';
import { submit } from './submit.js';
import { submitMany } from './submit-many.js';

const route = (method: Method, path: string, action: Action | 'none', answer: Route['answer']): Route => ({
  method,
  path: `/api/v1${path}`,
  action,
  answer,
});

export const restRoutes: readonly Route[] = [
  route('GET', '', 'none', session.about),
  route('GET', '/openapi.json', 'none', (call) =>
    json(openApiDocument(call.options.basePath ?? '', restRoutes)),
  ),
  route('GET', '/problems/:code', 'none', session.problem),
  route('GET', '/health', 'none', (call) => {
    if (call.closing.aborted) throw new HttpError('closed', 'The server is stopping');
    return json({ ok: true });
  }),
  route('POST', '/session', 'none', session.open),
  route('DELETE', '/session', 'none', session.close),
  route('GET', '/caller', 'identify', session.caller),
  route('GET', '/stats', 'stats', jobs.stats),
  route('GET', '/queue', 'operate', operate.queue),
  route('GET', '/objects', 'identify', sky.object),
  route('GET', '/fields', 'list', sky.fields),
  route('GET', '/sky.svg', 'list', sky.skyMap),
  route('GET', '/events', 'read', streams.watchJobs),

  route('POST', '/jobs', 'submit', submit),
  route('POST', '/jobs/batch', 'submit', submitMany),
  route('GET', '/jobs', 'list', jobs.list),
  route('GET', '/jobs/:id', 'read', jobs.readStatus),
  route('DELETE', '/jobs/:id', 'remove', jobs.remove),
  route('POST', '/jobs/:id/cancel', 'cancel', jobs.cancel),
  route('POST', '/jobs/:id/retry', 'retry', jobs.retry),
  route('GET', '/jobs/:id/result', 'read', jobs.readResult),
  route('GET', '/jobs/:id/log', 'read', streams.log),
  route('GET', '/jobs/:id/events', 'read', streams.watchJob),
  route('GET', '/jobs/:id/image', 'read', files.readImage),
  route('GET', '/jobs/:id/preview.jpg', 'read', files.readPreview),
  route('GET', '/jobs/:id/geometry', 'read', files.readGeometry),
  route('GET', '/jobs/:id/annotated.jpg', 'read', files.readAnnotated('jpeg')),
  route('GET', '/jobs/:id/annotated.png', 'read', files.readAnnotated('png')),
  route('GET', '/jobs/:id/annotated.webp', 'read', files.readAnnotated('webp')),
  route('GET', '/jobs/:id/annotated.svg', 'read', files.readAnnotated('svg')),
  route('GET', '/jobs/:id/new.fits', 'read', files.readNewFits),
  route('GET', '/jobs/:id/exports', 'read', files.listExports),
  route('GET', '/jobs/:id/exports/:format', 'read', files.readExport),
  route('GET', '/jobs/:id/files', 'read', files.listFiles),
  route('GET', '/jobs/:id/files/:name', 'read', files.readFile),
];
