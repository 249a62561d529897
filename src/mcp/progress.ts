import type { ServerContext } from '@modelcontextprotocol/server';
import type { JobStatus } from '../job/status.js';

/** Tells a caller who has asked for it how a job goes: a count that rises, and the stage in words. */
export function progressEmitter({ mcpReq }: ServerContext): (status: JobStatus) => Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  let progress = 0;
  let last = '';
  return async ({ state, message, progress: at }) => {
    const words = state === 'processing' ? (at?.stage ?? 'processing') : (message ?? state);
    if (progressToken === undefined || words === last) return;
    last = words;
    progress += 1;
    await mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress, message: words },
    });
  };
}
