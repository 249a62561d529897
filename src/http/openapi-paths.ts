import { LAYERS, STYLE_NAMES } from '../annotate/drawing-options.js';
import { PALETTE_NAMES } from '../annotate/palette.js';
import { EXPORT_KINDS } from '../export/formats.js';
import { JOB_STATES } from '../index.js';
import {
  callerAnswer,
  exportsAnswer,
  fieldsAnswer,
  filesAnswer,
  geometryAnswer,
  healthAnswer,
  objectAnswer,
  pageAnswer,
  problemAnswer,
  queueAnswer,
  statsAnswer,
} from './openapi-answers.js';
import {
  bytes,
  content,
  type Json,
  jobId,
  jsonOf,
  ofJob,
  operation,
  query,
  ref,
  status,
  tagged,
} from './openapi-parts.js';
import { submitManyOperation, submitOperation } from './openapi-submit.js';

const drawingParameters = [
  query('style', { enum: STYLE_NAMES, default: 'overlay' }, 'How much is drawn'),
  query('layers', { type: 'string' }, `What is drawn, separated by commas: ${LAYERS.join(', ')}`),
  query('palette', { enum: PALETTE_NAMES, default: 'standard' }, 'Colours'),
  query('width', { type: 'integer', minimum: 16, maximum: 16_384 }, 'Width of the picture, pixels'),
];

const picture = (operationId: string, type: string) =>
  ofJob({
    get: tagged(
      operationId,
      'The annotated picture',
      { 200: bytes('The picture', type) },
      { parameters: drawingParameters },
    ),
  });

/** Every route below `/api/v1`. */
export function openApiPaths(): Json {
  return {
    '/jobs': {
      post: submitOperation(),
      get: operation(
        'listJobs',
        'List jobs, newest first',
        {
          200: {
            ...jsonOf('A page', pageAnswer, ['page']),
            headers: {
              Link: { schema: { type: 'string' }, description: 'Addresses of the pages `first` and `next`' },
            },
          },
        },
        {
          parameters: [
            query('state', { enum: JOB_STATES }, 'Only jobs in this state'),
            query('tag', { type: 'string' }, 'Only jobs with this tag'),
            query('limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }, 'Jobs on a page'),
            query('after', { type: 'string' }, 'The `next` of the page before'),
          ],
        },
      ),
    },
    '/jobs/batch': { post: submitManyOperation() },
    '/jobs/{id}': ofJob({
      get: operation('getJob', 'Status', { 200: status('The status', 'done') }),
      delete: operation('removeJob', 'Remove the job with all its files', {
        204: { description: 'It is gone' },
      }),
    }),
    '/jobs/{id}/result': ofJob({
      get: tagged(
        'getResult',
        'Result document',
        {
          200: jsonOf(
            'The result, of a failed job too',
            {
              oneOf: [ref('SolvedResult'), ref('FailedResult')],
            },
            ['solved', 'unsolved'],
          ),
        },
        {
          parameters: [
            query('wait', { type: 'number', minimum: 0, maximum: 60 }, 'Seconds to wait for the job to end'),
          ],
        },
      ),
    }),
    '/jobs/{id}/cancel': ofJob({
      post: operation('cancelJob', 'Cancel', { 200: status('The job has ended', 'cancelled') }),
    }),
    '/jobs/{id}/retry': ofJob({
      post: operation(
        'retryJob',
        'Run a failed job again',
        { 202: status('The job is queued', 'queued') },
        {
          requestBody: {
            description: 'Parameters that differ from those that it had; null takes one back',
            ...content('application/json', { type: 'object', properties: { params: ref('Params') } }),
          },
        },
      ),
    }),
    '/jobs/{id}/log': ofJob({
      get: operation(
        'getLog',
        'All that the solver printed',
        { 200: bytes('The log', 'text/plain') },
        {
          parameters: [query('follow', { type: 'boolean' }, 'Keep on until the job has ended')],
        },
      ),
    }),
    '/jobs/{id}/events': ofJob({
      get: operation('watchJob', 'Changes of the job: events `status`, then `settled`', {
        200: bytes('Server-sent events', 'text/event-stream'),
      }),
    }),
    '/events': {
      get: operation(
        'watchJobs',
        'Changes of several jobs',
        { 200: bytes('Server-sent events', 'text/event-stream') },
        {
          parameters: [
            query('job_id', { type: 'array', items: { type: 'string' }, maxItems: 100 }, 'Once for each job'),
          ],
        },
      ),
    },
    '/jobs/{id}/image': ofJob({
      get: tagged('getImage', 'The image as it came', {
        200: bytes('The image', 'application/octet-stream'),
      }),
    }),
    '/jobs/{id}/preview.jpg': ofJob({
      get: tagged(
        'getPreview',
        'The image as a JPEG, upright',
        { 200: bytes('The picture', 'image/jpeg') },
        {
          parameters: [query('width', { type: 'integer', maximum: 4096, default: 1600 }, 'Pixels at most')],
        },
      ),
    }),
    '/jobs/{id}/geometry': ofJob({
      get: tagged('getGeometry', 'Size, row order and plate solution (TAN-SIP) as JSON', {
        200: jsonOf('The geometry', geometryAnswer, ['geometry']),
      }),
    }),
    '/jobs/{id}/annotated.jpg': picture('getAnnotatedJpeg', 'image/jpeg'),
    '/jobs/{id}/annotated.png': picture('getAnnotatedPng', 'image/png'),
    '/jobs/{id}/annotated.webp': picture('getAnnotatedWebp', 'image/webp'),
    '/jobs/{id}/annotated.svg': picture('getAnnotatedSvg', 'image/svg+xml'),
    '/jobs/{id}/new.fits': ofJob({
      get: tagged('getNewFits', 'The image as FITS with the solution in its header', {
        200: bytes('The file', 'application/fits'),
      }),
    }),
    '/jobs/{id}/exports': ofJob({
      get: tagged('listExports', 'The formats that the job can be exported in now', {
        200: jsonOf('The formats', exportsAnswer, ['exports']),
      }),
    }),
    '/jobs/{id}/exports/{format}': {
      parameters: [jobId, { name: 'format', in: 'path', required: true, schema: { enum: EXPORT_KINDS } }],
      get: tagged(
        'getExport',
        'One of them; options are those of pictures',
        { 200: bytes('The file, of the `content_type` that the list names', 'application/octet-stream') },
        { parameters: drawingParameters },
      ),
    },
    '/jobs/{id}/files': ofJob({
      get: operation('listFiles', 'Files that the job has left', {
        200: jsonOf('The files', filesAnswer, ['files']),
      }),
    }),
    '/jobs/{id}/files/{name}': {
      parameters: [jobId, { name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
      get: tagged('getFile', 'One of them; ranges and ETags', {
        200: bytes('The file', 'application/octet-stream'),
        206: bytes('A part of it', 'application/octet-stream'),
      }),
    },
    '/caller': {
      get: operation('getCaller', 'Who the caller is, and what it may do', {
        200: jsonOf('The caller', callerAnswer, ['caller']),
      }),
    },
    '/stats': {
      get: operation('getStats', 'Counts and durations', {
        200: jsonOf('The figures', statsAnswer, ['figures']),
      }),
    },
    '/queue': {
      get: operation('getQueue', 'What waits, and which processes run what', {
        200: jsonOf('The queue', queueAnswer, ['queue']),
      }),
    },
    '/objects': {
      get: operation(
        'findObject',
        'The object of a name, or the constellation',
        { 200: jsonOf('Where it is', objectAnswer, ['object']) },
        {
          parameters: [{ ...query('name', { type: 'string' }, 'Such as M 31, Vega, Orion'), required: true }],
        },
      ),
    },
    '/fields': {
      get: operation(
        'listFields',
        'Where solved jobs look, the newest first',
        { 200: jsonOf('A page', fieldsAnswer, ['fields']) },
        {
          parameters: [
            query('limit', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }, 'Jobs on a page'),
            query('after', { type: 'string' }, 'The `next` of the page before'),
          ],
        },
      ),
    },
    '/sky.svg': {
      get: tagged(
        'getSkyMap',
        'A map of the whole sky with the newest 2000 of them',
        { 200: bytes('The map', 'image/svg+xml') },
        {
          parameters: [
            query('palette', { enum: PALETTE_NAMES, default: 'standard' }, 'Colours'),
            query('width', { type: 'integer', minimum: 320, maximum: 4096, default: 1600 }, 'Pixels'),
          ],
        },
      ),
    },
    '/problems/{code}': {
      parameters: [{ name: 'code', in: 'path', required: true, schema: { type: 'string' } }],
      get: operation('getProblem', 'What an error code means, and what to do', {
        200: jsonOf('The explanation', problemAnswer, ['explanation']),
      }),
    },
    '/health': {
      get: operation('getHealth', 'Whether the server takes requests', {
        200: jsonOf('It does', healthAnswer),
      }),
    },
  };
}
