/**
 * Jobs, and one image without a job.
 * @module astro-jobs
 */

export type { AnalyzeOptions } from './analyze.js';
export { analyze } from './analyze.js';
export type { PictureFormat } from './annotate/annotate.js';
export { LAYERS, type Layer, STYLE_NAMES, type Style } from './annotate/drawing-options.js';
export { PALETTE_NAMES, type PaletteName } from './annotate/palette.js';
export type { AstroJobWorkerOptions } from './astro-job-worker.js';
export { AstroJobWorker } from './astro-job-worker.js';

export { AstroJobs } from './astro-jobs.js';
export type { AstroJobsOptions, JobLimits } from './astro-jobs-options.js';
export type { Batch, BatchOptions, BatchProgress, BatchSummary } from './batch/options.js';
export type { BatchRow } from './batch/row.js';
export type { CalibrateOptions } from './calibrate.js';
export { calibrate } from './calibrate.js';
export type { CalibrationProgress, LensCalibration } from './calibration/calibrate-images.js';
export type { CalibratedFrame, CalibrationPart, LensReport } from './calibration/report.js';
export { residualPlot } from './calibration/residual-plot.js';
export type { HintSource, ImageHints, LensHint, PositionHint, ScaleHint } from './capture/hints.js';
export type { MagnitudeLimits } from './catalog/limits.js';
export type { MovingRow } from './catalog/moving-row.js';
export type { FieldOptions } from './catalog/objects-in-field.js';
export type { CatalogRow, CatalogTable } from './catalog/table.js';
export { createCatalog } from './catalog/table.js';
export type { StarResidual } from './engine/calibration/calibrated-lens.js';
export type { ExportRequest, ExportRequestInput } from './export/export-request.js';
export type { ExportOptions } from './export/export-source.js';
export type { ExportedFile } from './export/exported-file.js';
export {
  EXPORT_FORMATS,
  EXPORT_KINDS,
  type ExportFormat,
  type ExportKind,
  type ExportNeed,
} from './export/formats.js';
export type { JobGeometry } from './export/geometry.js';
export type { ExportOffer } from './export/offers.js';
export { encodeSourceList } from './export/write-table.js';
export type { CardValue, FitsCard } from './fits/card.js';
export type { FitsHeader } from './fits/header.js';
export type { GreyImage, ImageKind, ImageLimits, OpenedImage, RgbaPixels } from './image/image.js';
export type { StarTable } from './image/star-columns.js';
export type { Astrometry, AstroObject, Horizon, Subject } from './job/astrometry.js';
export { astrometrySchema, astroObjectSchema, horizonSchema, subjectSchema } from './job/astrometry.js';
export type { Calibration } from './job/calibration.js';
export { CALIBRATION_VERSION, calibrationSchema, parseCalibration } from './job/calibration.js';
export type { Capture, CaptureNote } from './job/capture.js';
export { captureNoteSchema, captureSchema } from './job/capture.js';
export type { ErrorCode, ErrorFacts } from './job/error-codes.js';
export { ERROR_CODES, ERROR_TABLE, errorFacts } from './job/error-codes.js';
export type { AstroJobsErrorOptions } from './job/errors.js';
export { AstroJobsError, toAstroJobsError } from './job/errors.js';
export type { JobEventName, JobListener } from './job/events.js';
export type {
  AfterResult,
  BeforeSubmit,
  JobHooks,
  PendingSubmission,
  SettledJob,
  SubmissionChanges,
} from './job/hooks.js';
export { isJobId, newJobId } from './job/id.js';
export { type JsonLoggerOptions, jsonLogger, LOG_LEVELS, type LogLevel } from './job/json-logger.js';
export type { Logger } from './job/logger.js';
export { silentLogger } from './job/logger.js';
export type { Candidate, ImageQuality, Photometry, QualityCell } from './job/measured.js';
export {
  candidateSchema,
  imageQualitySchema,
  photometrySchema,
  qualityCellSchema,
} from './job/measured.js';
export type {
  ElementFile,
  ElementWarning,
  MovingObjects,
  NotStated,
  Observation,
} from './job/observation.js';
export {
  elementFileSchema,
  elementWarningSchema,
  movingObjectsSchema,
  notStatedSchema,
  observationSchema,
} from './job/observation.js';
export type { OutcomeFile } from './job/outcome-file.js';
export type {
  ChoiceParam,
  DocumentParam,
  FlagParam,
  NameParam,
  NumberParam,
  Param,
  ParamFacts,
  ParamGroup,
  TextParam,
} from './job/param-kinds.js';
export type { ParamName, SolveParams, SolveParamsInput } from './job/param-table.js';
export { PARAM_NAMES, PARAM_TABLE, paramOf } from './job/param-table.js';
export { paramFromText } from './job/param-text.js';
export { paramsSchema, parseParams } from './job/params.js';
export type { FailedResult, JobResult, SolvedResult } from './job/result.js';
export { failedResultSchema, resultSchema, solvedResultSchema } from './job/result.js';
export type { ScaleUnit, ScaleUnits } from './job/scale-units.js';
export { isScaleUnit, SCALE_UNIT_TABLE, SCALE_UNITS } from './job/scale-units.js';
export type { Attempt, Hint, LensFit, LensFitPart, SolveReport } from './job/solve-report.js';
export {
  attemptSchema,
  hintSchema,
  lensFitPartSchema,
  lensFitSchema,
  solveSchema,
} from './job/solve-report.js';
export type {
  DoneStatus,
  FailedStatus,
  JobState,
  JobStatus,
  Progress,
  SettledStatus,
  StatusBase,
  StatusDocument,
  UnsettledStatus,
} from './job/status.js';
export { asStatus, isSettled, JOB_STATES, progressSchema, statusSchema } from './job/status.js';
export type { WrittenExport } from './job/written-exports.js';
export type { PictureOptions } from './jobs/derived.js';
export type { Inspection, QueueInspection, StoreInspection } from './jobs/inspection.js';
export type { QueueState, WorkerState } from './jobs/queue-state.js';
export type { PruneOptions } from './jobs/settle.js';
export type { FieldListOptions, FieldPage, SolvedField } from './jobs/solved-fields.js';
export type { Durations, JobStats } from './jobs/stats.js';
export type { ImageInput } from './jobs/submit/image-source.js';
export type { InTransaction, SubmitOptions } from './jobs/submit/options.js';
export type { Submission, SubmitOutcome } from './jobs/submit/submitter.js';
export type { WaitOptions } from './jobs/watch/changes.js';
export { type IssuedKey, issueKey, type NewKey } from './keys/issue.js';
export {
  type KeyFacts,
  SCOPE_TABLE,
  SCOPES,
  type Scope,
  type StoredKey,
  storedKeySchema,
} from './keys/key.js';
export type { KeyStore } from './keys/key-store.js';
export { MemoryKeyStore } from './keys/memory-key-store.js';
export type { Cameras, RememberedCamera } from './optics/cameras.js';
export type { FileOpticsMemoryOptions } from './optics/file-memory.js';
export { FileOpticsMemory } from './optics/file-memory.js';
export type { OpticsMemory, RememberedField } from './optics/memory.js';
export { ProcessOpticsMemory } from './optics/process-memory.js';
export type { CloseOptions } from './queue/close-all.js';
export type { DetachedQueueOptions } from './queue/detached.js';
export { DetachedQueue } from './queue/detached.js';
export type { InProcessQueueOptions } from './queue/in-process.js';
export { InProcessQueue } from './queue/in-process.js';
export type { JobQueue, QueueHost, WorkerProcess, WorkOptions } from './queue/job-queue.js';
export { BuiltinSolver, type BuiltinSolverOptions } from './solver/builtin/builtin-solver.js';
export type { Coverage, FieldRange } from './solver/indexes/coverage.js';
export type { ScaleBounds } from './solver/search/bounds.js';
export { userScale } from './solver/search/bounds.js';
export type { SolveFieldOptions } from './solver/solve-field/solve-field.js';
export { SolveField } from './solver/solve-field/solve-field.js';
export type {
  IndexFile,
  Places,
  PlateOutcome,
  SolveContext,
  SolvedPlate,
  SolveOutcome,
  SolveRequest,
  Solver,
  SolverDocument,
  SolverInfo,
  UnsolvedPlate,
} from './solver/solver.js';
export type { FileSystemJobStoreOptions } from './store/file-system/file-system-job-store.js';
export { FileSystemJobStore } from './store/file-system/file-system-job-store.js';
export type {
  Access,
  CheckOptions,
  Created,
  CreateOutcome,
  JobPage,
  JobRecord,
  JobStore,
  ListOptions,
  NewJob,
  Outcome,
  RunnableOptions,
  StoreCapabilities,
  StoredFile,
  StoreTransaction,
} from './store/job-store.js';
export { MemoryJobStore } from './store/memory-job-store.js';
export type { WorkerList, WorkerNotice } from './store/worker-list.js';
export type { ImageCircle, Wcs } from './wcs/wcs.js';
export type { FisheyeCode } from './wcs/zenithal.js';
export type { RunningLimits, RunningOptions, SolvingOptions } from './wiring.js';
export type { WorkerHealth } from './worker/health.js';
export type { Claim, RunEnd, Runner, RunOptions } from './worker/runner.js';
