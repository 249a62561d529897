import { EXPORT_KINDS } from '../export/formats.js';
import { JOB_STATES, SCOPES } from '../index.js';
import { type Json, ref } from './openapi-parts.js';

const text = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };
const listOf = (items: Json) => ({ type: 'array', items });
const numbers = (count: number, items: Json = number) => ({
  ...listOf(items),
  minItems: count,
  maxItems: count,
});

/** An object that always has all of `properties` and may have `optional` ones. */
const object = (properties: Record<string, Json>, optional: Record<string, Json> = {}) => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
});

/** An answer that says `ok: true` beside what it holds. */
const answer = (properties: Record<string, Json>, optional: Record<string, Json> = {}) =>
  object({ ok: { const: true }, ...properties }, optional);

export const pageAnswer = answer(
  { jobs: listOf(ref('Status')), damaged: listOf(object({ job_id: text, problem: text })) },
  { next: { ...text, description: 'Cursor of the next page; absent on the last one' } },
);

export const filesAnswer = answer({
  files: listOf(object({ name: text, size: integer, modified_at: number })),
});

export const exportsAnswer = answer({
  exports: listOf(
    object({
      format: { enum: EXPORT_KINDS },
      title: { ...text, description: 'What it is, for a person' },
      content_type: text,
      href: { ...text, description: 'Where it is' },
    }),
  ),
});

export const problemAnswer = answer({
  code: text,
  status: { ...integer, description: 'HTTP status' },
  what: text,
  advice: listOf(text),
});

export const healthAnswer = answer({});

const seconds = object({ median: number, p95: number, max: number });

export const statsAnswer = answer(
  {
    counts: object(Object.fromEntries(JOB_STATES.map((state) => [state, integer]))),
    sample: { ...integer, description: 'How many ended jobs the durations are taken from' },
  },
  {
    waiting_seconds: { ...seconds, description: 'From submission to the start of the last attempt' },
    processing_seconds: { ...seconds, description: 'From that start to the end' },
  },
);

export const submittedAnswer = answer({
  jobs: listOf({
    oneOf: [
      { allOf: [object({ ok: { const: true } }), ref('Status')] },
      object(
        { ok: { const: false }, error: text, error_code: text },
        { filename: { ...text, description: 'Of the image that was refused' } },
      ),
    ],
  }),
});

const polynomial = { ...listOf(listOf(number)), description: '`[p][q]` multiplies u^p·v^q' };

const solution = {
  ...object(
    {
      crval: { ...numbers(2), description: 'Reference point, RA and Dec, degrees, J2000 (ICRS)' },
      crpix: { ...numbers(2), description: 'Reference pixel; (1, 1) is the centre of the first' },
      cd: { ...numbers(2, numbers(2)), description: 'Degrees a pixel: CD1_1, CD1_2; CD2_1, CD2_2' },
      width: integer,
      height: integer,
    },
    {
      sip: object({ a: polynomial, b: polynomial }, { ap: polynomial, bp: polynomial }),
      projection: { ...text, description: 'Of a fisheye lens; otherwise the projection is gnomonic (TAN)' },
      circle: {
        ...object({ x: number, y: number, radius: number }),
        description: 'Where a fisheye shows the sky, pixels',
      },
    },
  ),
  description: 'The plate solution, when there is one',
};

export const geometryAnswer = answer(
  {
    image: object({
      kind: text,
      width: { ...integer, description: 'Pixels as stored' },
      height: integer,
      row_order: { enum: ['top-down', 'bottom-up'] },
      exif_orientation: { ...integer, minimum: 1, maximum: 8 },
    }),
  },
  { wcs: solution },
);

const scopes = listOf({ enum: SCOPES });
const time = { ...number, description: 'Unix seconds' };

export const callerAnswer = answer(
  { scopes },
  {
    key: {
      ...object(
        { id: text, scopes, state: { const: 'valid' }, created_at: time },
        { name: text, expires_at: time },
      ),
      description: 'The key that was shown; absent for the token, and where none is asked for',
    },
    webhook_secret: {
      ...text,
      description: 'Signs what goes to webhooks that this key names (Standard Webhooks)',
    },
  },
);

const pair = numbers(2);

export const fieldsAnswer = answer(
  {
    fields: listOf(
      object(
        {
          job_id: text,
          finished_at: time,
          ra_center: { ...number, description: 'Degrees, J2000, as all places here' },
          dec_center: number,
          fov_deg: { ...pair, description: 'Width and height' },
        },
        {
          filename: text,
          radius_deg: { ...number, description: 'Of the smallest circle around the centre that holds it' },
          corners: { ...listOf(pair), description: 'RA and Dec, in their order around it' },
          subject: object({ name: text }, { common_name: text, type: text }),
        },
      ),
    ),
  },
  { next: { ...text, description: 'Cursor of the next page; absent on the last one' } },
);

export const objectAnswer = answer(
  {
    name: text,
    ra_deg: { ...number, description: 'J2000' },
    dec_deg: number,
    names: listOf(text),
  },
  {
    catalog: text,
    id: text,
    type: text,
    magnitude: number,
    size_arcmin: { ...number, description: 'Largest extent' },
    axes_arcmin: { ...pair, description: 'Major and minor axis' },
    axis_pa_deg: { ...number, description: 'Position angle of the major axis, east of north' },
    motion_mas_per_year: { ...pair, description: 'Proper motion in RA·cos Dec and Dec' },
  },
);

export const queueAnswer = answer(
  {
    queue: { ...text, description: 'Who runs the jobs: `in-process`, `detached`, `bullmq`, …' },
    counts: object(Object.fromEntries(JOB_STATES.map((state) => [state, integer]))),
    workers: {
      ...listOf(
        object(
          {
            host: text,
            pid: integer,
            state: { enum: ['busy', 'idle', 'lost'] },
            jobs: listOf(ref('Status')),
          },
          { concurrency: { ...integer, description: 'Jobs that it runs side by side, at most' } },
        ),
      ),
      description: 'Processes that run jobs, and those that wait for some',
    },
    elsewhere: {
      ...listOf(ref('Status')),
      description: 'Jobs that a program runs which does not name itself',
    },
    more: { type: 'boolean', description: 'Whether more jobs run than are told of here' },
  },
  {
    oldest: {
      ...object({ job_id: text, seconds: number }),
      description: 'The waiting job that was submitted first, and how long ago',
    },
  },
);
