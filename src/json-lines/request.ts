import { z } from 'zod';
import { AstroJobsError } from '../job/errors.js';

/** What the sender calls a request; its answer carries it. */
const idSchema = z.union([z.string().min(1).max(200), z.number()], { error: 'a text or a number' });
export type RequestId = z.output<typeof idSchema>;

const solveLine = z.strictObject({
  id: idSchema,
  image: z.string({ error: 'the path of an image' }).min(1, { error: 'the path of an image' }),
  params: z.record(z.string(), z.unknown(), { error: 'an object' }).default({}),
  progress: z.boolean({ error: 'true or false' }).default(false),
});
const cancelLine = z.strictObject({ cancel: idSchema });

export type Request = z.output<typeof solveLine> | z.output<typeof cancelLine>;

/** Longer than any path and any parameters. */
const MAX_LINE = 1 << 20;

const EXPECTED = '{"id": …, "image": "path", "params": {…}} or {"cancel": id}';

/** @throws AstroJobsError `invalid_params`, for a line that is no request */
export function parseRequest(line: string): Request {
  if (line.length > MAX_LINE) throw refused(`a line of at most ${MAX_LINE} characters`);
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    throw refused(`a line of JSON, ${EXPECTED}`);
  }
  const isCancel = typeof document === 'object' && document !== null && 'cancel' in document;
  const parsed = (isCancel ? cancelLine : solveLine).safeParse(document);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.');
  throw refused(where ? `\`${where}\` to be ${issue?.message}, in ${EXPECTED}` : EXPECTED);
}

/** The id of a line that is wrong otherwise, so that its sender knows which it was. */
export function idOf(line: string): RequestId | undefined {
  try {
    return idSchema.safeParse((JSON.parse(line) as { id?: unknown } | null)?.id).data;
  } catch {
    return undefined;
  }
}

function refused(expected: string): AstroJobsError {
  return new AstroJobsError('invalid_params', `Expected ${expected}`);
}
