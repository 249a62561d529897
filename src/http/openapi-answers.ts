import {
  callerSchema,
  damagedJobSchema,
  explanationSchema,
  exportEntrySchema,
  fileEntrySchema,
  geometrySchema,
  keyFactsSchema,
  refusedImageSchema,
  statusPageSchema,
} from './answers/jobs.js';
import { durationsSchema, jobStatsSchema, queueStateSchema, workerStateSchema } from './answers/queue.js';
import {
  catalogRowSchema,
  fieldPageSchema,
  imageCircleSchema,
  sipSchema,
  solvedFieldSchema,
  wcsSchema,
} from './answers/sky.js';
import { type Json, okWith, ref } from './openapi-parts.js';

/** What answers hold beside the documents of jobs, under the names that the library has for them. */
export const ANSWER_SCHEMAS = {
  StatusPage: statusPageSchema,
  DamagedJob: damagedJobSchema,
  RefusedImage: refusedImageSchema,
  FileEntry: fileEntrySchema,
  ExportEntry: exportEntrySchema,
  JobGeometry: geometrySchema,
  Wcs: wcsSchema,
  SipDistortion: sipSchema,
  ImageCircle: imageCircleSchema,
  JobStats: jobStatsSchema,
  Durations: durationsSchema,
  QueueState: queueStateSchema,
  WorkerState: workerStateSchema,
  SolvedField: solvedFieldSchema,
  FieldPage: fieldPageSchema,
  CatalogRow: catalogRowSchema,
  Caller: callerSchema,
  KeyFacts: keyFactsSchema,
  Explanation: explanationSchema,
};

const listOf = (items: Json) => ({ type: 'array', items });

/** An answer that says `ok: true` beside what it always holds. */
const answer = (properties: Record<string, Json>) => ({
  type: 'object',
  required: ['ok', ...Object.keys(properties)],
  properties: { ok: { const: true }, ...properties },
});

export const healthAnswer = answer({});
export const pageAnswer = okWith('StatusPage');
export const filesAnswer = answer({ files: listOf(ref('FileEntry')) });
export const exportsAnswer = answer({ exports: listOf(ref('ExportEntry')) });
export const geometryAnswer = okWith('JobGeometry');
export const statsAnswer = okWith('JobStats');
export const queueAnswer = okWith('QueueState');
export const fieldsAnswer = okWith('FieldPage');
export const callerAnswer = okWith('Caller');
export const problemAnswer = okWith('Explanation');
export const submittedAnswer = answer({ jobs: listOf({ oneOf: [okWith('Status'), ref('RefusedImage')] }) });

/** Of what is found the names are always told. */
export const objectAnswer = { allOf: [...okWith('CatalogRow').allOf, { required: ['names'] }] };
