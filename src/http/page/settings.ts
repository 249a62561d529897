import type { SolveParamsInput } from '../../client/index.js';
import { paramOf } from '../../job/param-table.js';
import { h } from './dom.js';

/** The parameters of the form, how they are called there, and the unit that is shown. */
const FIELDS = [
  { name: 'scale_low', label: 'Field width from', unit: '°' },
  { name: 'scale_high', label: 'to', unit: '°' },
  { name: 'ra', label: 'Around RA', unit: '°' },
  { name: 'dec', label: 'Dec', unit: '°' },
  { name: 'radius', label: 'within', unit: '°' },
  { name: 'downsample', label: 'Shrink by', unit: '×' },
  { name: 'timeout', label: 'At most', unit: 's' },
] as const;

/** Bounds of a number field, as they are declared; a bound that is excluded counts as included. */
function boundsOf(name: (typeof FIELDS)[number]['name']): { min: number; max?: number } {
  const param = paramOf(name);
  if (param.kind !== 'number' && param.kind !== 'integer') throw new Error(`${name} is no number`);
  const { min = param.above ?? 0, max } = param;
  return { min, ...(max !== undefined && { max }) };
}

/** What is known beforehand; all of it may be left empty. */
export function createSettings() {
  const inputs = FIELDS.map((field) => ({
    field,
    input: h('input', {
      type: 'number',
      step: 'any',
      ...boundsOf(field.name),
      inputmode: 'decimal',
      autocomplete: 'off',
    }),
  }));
  const metadata = h('input', { type: 'checkbox', checked: true });
  const element = h(
    'details',
    { class: 'settings' },
    h('summary', {}, 'What you know already'),
    h('p', { class: 'muted' }, 'All of it may stay empty. A rough field width makes the search much faster.'),
    h(
      'div',
      { class: 'fields' },
      inputs.map(({ field, input }) =>
        h('label', {}, h('span', {}, field.label), h('span', { class: 'with-unit' }, input, field.unit)),
      ),
    ),
    h('label', { class: 'check' }, metadata, 'Use what the file itself says'),
  );
  return {
    element,
    /** Whether anything was filled in or changed. */
    get given(): boolean {
      return inputs.some(({ input }) => input.value !== '') || !metadata.checked;
    },
    params(): SolveParamsInput {
      const given = inputs.filter(({ input }) => input.value !== '' && Number.isFinite(input.valueAsNumber));
      return {
        ...Object.fromEntries(given.map(({ field, input }) => [field.name, input.valueAsNumber])),
        use_metadata: metadata.checked,
      };
    },
  };
}
