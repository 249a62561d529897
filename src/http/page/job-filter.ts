import type { AstroJobsClient, PublicStatus, SolvedField } from '../../client/index.js';
import { h } from './dom.js';
import { kindOfState } from './job-state.js';

const STATES = {
  '': 'All',
  done: 'Solved',
  failed: 'Not solved',
  queued: 'Waiting',
  processing: 'Being solved',
  cancelled: 'Cancelled',
} as const;

const PAGE = 500;
const MOST_FIELDS = 5000;

export interface JobFilter {
  element: HTMLElement;
  /** Whether it leaves anything out. */
  readonly active: boolean;
  passes(status: PublicStatus): boolean;
}

/** Finds jobs by the name of their file, of what they show, and by their state. `onChange` is told when others pass. */
export function createJobFilter(client: AstroJobsClient, onChange: () => void): JobFilter {
  const subjects = new Map<string, string>();
  let loading: Promise<void> | undefined;
  const text = h('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search pictures by file or object',
  });
  const state = h(
    'select',
    { 'aria-label': 'State', onchange: onChange },
    Object.entries(STATES).map(([value, name]) => h('option', { value }, name)),
  );
  text.addEventListener('focus', () => void loadSubjects());
  text.addEventListener('input', onChange);

  /** What the pictures show is not in their status. */
  function loadSubjects(): Promise<void> {
    loading ??= load().catch(() => {
      loading = undefined;
    });
    return loading;
  }
  async function load() {
    let after: string | undefined;
    do {
      const page = await client.fields({ limit: PAGE, after });
      for (const field of page.fields) subjects.set(field.job_id, wordsOf(field));
      after = page.next;
      onChange();
    } while (after !== undefined && subjects.size < MOST_FIELDS);
  }

  return {
    element: h('div', { class: 'filter', role: 'search' }, text, state),
    get active() {
      return text.value.trim() !== '' || state.value !== '';
    },
    passes(status) {
      if (state.value !== '' && kindOfState(status) !== state.value) return false;
      const wanted = plain(text.value);
      return (
        wanted === '' ||
        plain(`${status.filename ?? ''} ${subjects.get(status.job_id) ?? ''}`).includes(wanted)
      );
    },
  };
}

const wordsOf = ({ subject }: SolvedField) => [subject?.name, subject?.common_name, subject?.type].join(' ');

/** `m42` finds `M 42`. */
const plain = (text: string) => text.toLowerCase().replace(/[\s_-]+/g, '');
