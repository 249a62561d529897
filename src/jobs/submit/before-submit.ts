import { z } from 'zod';
import { AstroJobsError } from '../../job/errors.js';
import type { BeforeSubmit, PendingSubmission, SubmissionChanges } from '../../job/hooks.js';
import { parseInput } from '../../job/params.js';

/** What the changes say is checked where everything that callers say is. */
const changesSchema = z.strictObject({
  params: z.custom<SubmissionChanges['params']>().optional(),
  tags: z.custom<SubmissionChanges['tags']>().optional(),
  metadata: z.custom<SubmissionChanges['metadata']>().optional(),
});

/**
 * What the host's hook wants to be otherwise.
 * @throws AstroJobsError `refused`, or what the hook throws; `invalid_params` when it returns something else
 */
export async function changesBy(
  hook: BeforeSubmit,
  submission: PendingSubmission,
): Promise<SubmissionChanges> {
  let changes: SubmissionChanges | undefined;
  try {
    changes = await hook(submission);
  } catch (error) {
    if (error instanceof AstroJobsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AstroJobsError('refused', reason, { cause: error });
  }
  return parseInput(changesSchema, changes ?? {}, 'change of beforeSubmit');
}
