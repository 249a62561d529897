import type { CallToolResult } from '@modelcontextprotocol/server';
import { errorFacts } from '../job/error-codes.js';
import { toAstroJobsError } from '../job/errors.js';

/** An answer of a tool: the document, for programs and as text, and pictures before it. */
export function answer(
  document: Record<string, unknown>,
  pictures: CallToolResult['content'] = [],
): CallToolResult {
  return {
    content: [...pictures, { type: 'text', text: JSON.stringify(document) }],
    structuredContent: document,
  };
}

/** Why a tool has no answer, in words that a model can act on. */
function refusal(thrown: unknown): CallToolResult {
  const { code, message } = toAstroJobsError(thrown, 'astro-jobs');
  const document = { error: message, error_code: code, advice: errorFacts(code).advice };
  return { content: [{ type: 'text', text: JSON.stringify(document) }], isError: true };
}

/** What is thrown becomes an answer that says so. */
export async function answered(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    return refusal(error);
  }
}
