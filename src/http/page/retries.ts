import type { PublicStatus, SolveParamsInput } from '../../client/index.js';
import { formatSeconds } from './format.js';

/** A way to run a failed job again. */
export interface Retry {
  /** What the button says. */
  label: string;
  why: string;
  params?: SolveParamsInput;
}

/** How much longer a job may take that ran out of time, and at most. */
const [LONGER, LONGEST] = [3, 86_400];

/** What is worth a try for a job that failed, the likeliest first; the last is the same once more. */
export function retriesOf({ error, params }: PublicStatus): Retry[] {
  const { timeout = 600, downsample, invert, ra, scale_low, scale_high, use_metadata } = params;
  const scaled = (scale_low ?? scale_high ?? null) !== null;
  const longer = Math.min(LONGEST, timeout * LONGER);
  const again: Retry = { label: 'Run it again', why: 'As it was.' };
  const time = timeout < LONGEST && {
    label: `Allow ${formatSeconds(longer)}`,
    why: `It had ${formatSeconds(timeout)}.`,
    params: { timeout: longer },
  };
  const bounds = [
    scaled && {
      label: 'Search at every scale',
      why: 'The field width that was given may be wrong; it is a bound that is never relaxed.',
      params: { scale_low: null, scale_high: null },
    },
    typeof ra === 'number' && {
      label: 'Search the whole sky',
      why: 'It may look elsewhere than at the place that was given.',
      params: { ra: null, dec: null, radius: null },
    },
    use_metadata !== false && {
      label: 'Ignore what the file says',
      why: 'Scale and place in the file may be those of another picture or lens.',
      params: { use_metadata: false },
    },
  ];
  const stars = [
    downsample !== 1 && {
      label: 'Keep every pixel',
      why: 'Faint stars vanish when a picture is shrunk.',
      params: { downsample: 1 },
    },
    !invert && {
      label: 'Take it for a negative',
      why: 'For dark stars on a bright sky.',
      params: { invert: true },
    },
  ];
  const byCode: Readonly<Record<string, readonly (Retry | false)[]>> = {
    timeout: [time, ...bounds],
    no_solution: [...bounds, ...stars],
    too_few_stars: stars,
    no_index_for_scale: bounds,
  };
  const offered = byCode[error?.code ?? ''] ?? [];
  return [...offered.filter((one) => one !== false), again];
}
