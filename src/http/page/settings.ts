import type { SolveParamsInput } from '../../client/index.js';
import { h } from './dom.js';

interface Field {
  name: keyof SolveParamsInput;
  label: string;
  unit: string;
  min: number;
  max: number;
}

const FIELDS: readonly Field[] = [
  { name: 'scale_low', label: 'Field width from', unit: '°', min: 0, max: 360 },
  { name: 'scale_high', label: 'to', unit: '°', min: 0, max: 360 },
  { name: 'ra', label: 'Around RA', unit: '°', min: 0, max: 360 },
  { name: 'dec', label: 'Dec', unit: '°', min: -90, max: 90 },
  { name: 'radius', label: 'within', unit: '°', min: 0, max: 180 },
  { name: 'downsample', label: 'Shrink by', unit: '×', min: 1, max: 64 },
  { name: 'timeout', label: 'At most', unit: 's', min: 1, max: 86_400 },
];

/** What is known beforehand; all of it may be left empty. */
export function createSettings() {
  const inputs = FIELDS.map((field) => ({
    field,
    input: h('input', {
      type: 'number',
      step: 'any',
      min: field.min,
      max: field.max,
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
