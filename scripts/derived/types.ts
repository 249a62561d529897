// The interfaces of documents and parameters, out of the schemas that validate them.
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import type { $ZodType } from 'zod/v4/core';
import {
  callerSchema,
  damagedJobSchema,
  exportEntrySchema,
  exportOfferSchema,
  fileEntrySchema,
  geometrySchema,
  keyFactsSchema,
  refusedImageSchema,
  statusPageSchema,
} from '../../src/http/answers/jobs.js';
import {
  durationsSchema,
  jobStatsSchema,
  queueStateSchema,
  workerStateSchema,
} from '../../src/http/answers/queue.js';
import {
  catalogRowSchema,
  fieldPageSchema,
  imageCircleSchema,
  sipSchema,
  solvedFieldSchema,
  wcsSchema,
} from '../../src/http/answers/sky.js';
import {
  astrometrySchema,
  astroObjectSchema,
  horizonSchema,
  subjectSchema,
} from '../../src/job/astrometry.js';
import { calibrationSchema } from '../../src/job/calibration.js';
import { captureNoteSchema, captureSchema } from '../../src/job/capture.js';
import {
  candidateSchema,
  imageQualitySchema,
  photometrySchema,
  qualityCellSchema,
} from '../../src/job/measured.js';
import {
  elementFileSchema,
  elementWarningSchema,
  movingObjectsSchema,
  notStatedSchema,
  observationSchema,
} from '../../src/job/observation.js';
import { paramsSchema } from '../../src/job/params.js';
import { failedResultSchema, solvedResultSchema } from '../../src/job/result.js';
import {
  attemptSchema,
  hintSchema,
  lensFitPartSchema,
  lensFitSchema,
  solveSchema,
} from '../../src/job/solve-report.js';
import { progressSchema, statusSchema } from '../../src/job/status.js';
import { writtenExportSchema } from '../../src/job/written-exports.js';
import { storedKeySchema } from '../../src/keys/key.js';
import { interfaceOf } from './print-type.js';

/** Files of `src/`: the interfaces in each, and what they are written from. */
const FILES: Readonly<Record<string, Readonly<Record<string, $ZodType>>>> = {
  'job/types/capture.ts': { CaptureNote: captureNoteSchema, Capture: captureSchema },
  'job/types/astrometry.ts': {
    AstroObject: astroObjectSchema,
    Subject: subjectSchema,
    Horizon: horizonSchema,
    Astrometry: astrometrySchema,
  },
  'job/types/observation.ts': {
    NotStated: notStatedSchema,
    ElementWarning: elementWarningSchema,
    ElementFile: elementFileSchema,
    MovingObjects: movingObjectsSchema,
    Observation: observationSchema,
  },
  'job/types/solve-report.ts': {
    Attempt: attemptSchema,
    Hint: hintSchema,
    LensFitPart: lensFitPartSchema,
    LensFit: lensFitSchema,
    SolveReport: solveSchema,
  },
  'job/types/measured.ts': {
    QualityCell: qualityCellSchema,
    ImageQuality: imageQualitySchema,
    Photometry: photometrySchema,
    Candidate: candidateSchema,
  },
  'job/types/written-exports.ts': { WrittenExport: writtenExportSchema },
  'job/types/result.ts': { SolvedResult: solvedResultSchema, FailedResult: failedResultSchema },
  'job/types/status.ts': { Progress: progressSchema, StatusBase: statusSchema },
  'job/types/calibration.ts': { Calibration: calibrationSchema },
  'job/types/solve-params.ts': { SolveParams: paramsSchema },
  'keys/types/key.ts': { StoredKey: storedKeySchema, KeyFacts: keyFactsSchema },
  'wcs/types/wcs.ts': { SipDistortion: sipSchema, ImageCircle: imageCircleSchema, Wcs: wcsSchema },
  'catalog/types/catalog-row.ts': { CatalogRow: catalogRowSchema },
  'export/types/geometry.ts': { JobGeometry: geometrySchema },
  'export/types/offer.ts': { ExportOffer: exportOfferSchema },
  'jobs/types/stats.ts': { Durations: durationsSchema, JobStats: jobStatsSchema },
  'jobs/types/queue-state.ts': { WorkerState: workerStateSchema, QueueState: queueStateSchema },
  'jobs/types/solved-fields.ts': { SolvedField: solvedFieldSchema, FieldPage: fieldPageSchema },
  'client/types/answers.ts': {
    DamagedJob: damagedJobSchema,
    StatusPage: statusPageSchema,
    RefusedImage: refusedImageSchema,
    FileEntry: fileEntrySchema,
    ExportEntry: exportEntrySchema,
    Caller: callerSchema,
  },
};

/** Fields whose type has a name elsewhere: the type, the name in it, and the file that the name is from. */
const FIELDS: Readonly<Record<string, readonly [type: string, name: string, from: string]>> = {
  'FailedResult.error_code': ['ErrorCode', 'ErrorCode', 'job/error-codes.ts'],
  'StatusBase.error.code': ['ErrorCode', 'ErrorCode', 'job/error-codes.ts'],
  'StatusBase.params': ['Partial<SolveParams>', 'SolveParams', 'job/types/solve-params.ts'],
  'Wcs.projection': ['FisheyeCode', 'FisheyeCode', 'wcs/zenithal.ts'],
  'JobGeometry.image.kind': ['ImageKind', 'ImageKind', 'image/image.ts'],
  'JobGeometry.image.row_order': ['RowOrder', 'RowOrder', 'wcs/display.ts'],
  'ExportOffer.format': ['ExportKind', 'ExportKind', 'export/formats.ts'],
  'ExportEntry.format': ['ExportKind', 'ExportKind', 'export/formats.ts'],
  'QueueState.elsewhere': ['JobStatus[]', 'JobStatus', 'job/status.ts'],
  'WorkerState.jobs': ['JobStatus[]', 'JobStatus', 'job/status.ts'],
  'StatusPage.jobs': ['PublicStatus[]', 'PublicStatus', 'client/public-status.ts'],
  'SolveParams.scale_units': ['ScaleUnits', 'ScaleUnits', 'job/scale-units.ts'],
};

/** The types of fields that have one elsewhere, by their path. */
export const fields = new Map(Object.entries(FIELDS).map(([path, [type]]) => [path, type]));
/** The names of all schemas, as interfaces and tables have them. */
export const names = new Map<$ZodType, string>();
const origins = new Map<string, string>(Object.values(FIELDS).map(([, name, from]) => [name, from]));
for (const [file, interfaces] of Object.entries(FILES)) {
  for (const [name, schema] of Object.entries(interfaces)) {
    names.set(schema, name);
    origins.set(name, file);
  }
}

/** The text as Biome has it. */
const formatted = (path: string, text: string) =>
  execFileSync('node_modules/.bin/biome', ['check', '--write', `--stdin-file-path=${path}`], {
    input: text,
    encoding: 'utf8',
  });

function fileOf(file: string, interfaces: Readonly<Record<string, $ZodType>>): string {
  const texts = Object.entries(interfaces).map(([name, schema]) =>
    interfaceOf(name, schema, { names, fields }),
  );
  const body = texts.join('\n');
  const imports = [...origins]
    .filter(
      ([name, from]) =>
        from !== file && new RegExp(`\\b${name}\\b[^.]`).test(body.replaceAll(/\/\*\*[\s\S]*?\*\//g, '')),
    )
    .map(([name, from]) => {
      const path = posix
        .relative(posix.dirname(file), from)
        .replace(/^(?!\.)/, './')
        .replace(/\.ts$/, '.js');
      return `import type { ${name} } from '${path}';\n`;
    });
  return `// Written by \`npm run derive\` from the schemas.\n${imports.join('')}\n${body}`;
}

/** Each file with what it should hold. */
export function* types(): Generator<[path: string, text: string]> {
  for (const [file, interfaces] of Object.entries(FILES)) {
    const path = `src/${file}`;
    yield [path, formatted(path, fileOf(file, interfaces))];
  }
}
