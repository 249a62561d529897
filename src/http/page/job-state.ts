import type { PublicStatus } from '../../client/index.js';

/** What a job does at this moment, in a word or two. */
export function stateText({ state, progress, error }: PublicStatus): string {
  if (state === 'done') return 'Solved';
  if (state === 'queued') return 'Waiting';
  if (state === 'error') return error?.code === 'cancelled' ? 'Cancelled' : 'Not solved';
  return stageText(progress?.stage);
}

export function stageText(stage: string | undefined): string {
  const name = (stage ?? 'starting').replaceAll(/[_-]/g, ' ');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The state, with those that were cancelled apart from those that failed. */
export function kindOfState({ state, error }: PublicStatus): string {
  if (state === 'error') return error?.code === 'cancelled' ? 'cancelled' : 'failed';
  return state;
}
