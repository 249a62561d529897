import { z } from 'zod';

/** Tags of one job, and characters of one tag. */
export const [MAX_TAGS, MAX_TAG_LENGTH] = [16, 64];
/** Bytes of a job's `metadata` as JSON, and objects and lists in one another. */
export const [MAX_METADATA_BYTES, MAX_METADATA_DEPTH] = [8192, 16];

const TAG_EXPECTED = `1 to ${MAX_TAG_LENGTH} characters without commas, line breaks and spaces at its ends`;
export const TAGS_EXPECTED = `up to ${MAX_TAGS} tags, each of ${TAG_EXPECTED}`;
export const METADATA_EXPECTED = `an object that is at most ${MAX_METADATA_BYTES} bytes and ${MAX_METADATA_DEPTH} levels of JSON`;

/** Commas stand between tags in queries, forms and on the command line. */
const isTag = (text: string) =>
  text.length > 0 && text.length <= MAX_TAG_LENGTH && text.trim() === text && !/[,\p{Cc}\p{Cs}]/u.test(text);

/** The tags of one job, each once. */
export const tagsSchema = z
  .array(z.string({ error: TAG_EXPECTED }).refine(isTag, { error: TAG_EXPECTED }), { error: TAGS_EXPECTED })
  .transform((tags) => [...new Set(tags)])
  .refine((tags) => tags.length <= MAX_TAGS, { error: TAGS_EXPECTED });

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce<number>((most, inner) => Math.max(most, depthOf(inner)), 0);
}

/** The value as it will be read again; undefined for what is no JSON (cycles, big integers), or too much of it. */
function asJson(value: unknown): object | undefined {
  try {
    const text = JSON.stringify(value);
    if (text === undefined || Buffer.byteLength(text) > MAX_METADATA_BYTES) return undefined;
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    return depthOf(parsed) <= MAX_METADATA_DEPTH ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What a caller wants to keep with a job: any JSON object within bounds, given back as it came. */
export const metadataSchema = z.unknown().transform((value, context): Record<string, unknown> => {
  const json = asJson(value);
  if (json) return { ...json };
  context.addIssue({ code: 'custom', message: METADATA_EXPECTED });
  return z.NEVER;
});
