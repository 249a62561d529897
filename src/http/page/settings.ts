import type { AstroJobsClient, SolveParamsInput } from '../../client/index.js';
import { paramOf } from '../../job/param-table.js';
import { fill, h } from './dom.js';
import { trim } from './format.js';
import { SENSORS, scaleOfLens, scaleOfPixels } from './lens.js';
import { findPlace } from './place.js';

/** Bounds of a number field, as they are declared; a bound that is excluded counts as included. */
function boundsOf(name: 'radius' | 'scale_low' | 'downsample' | 'timeout'): { min: number; max?: number } {
  const param = paramOf(name);
  if (param.kind !== 'number' && param.kind !== 'integer') throw new Error(`${name} is no number`);
  const { min = param.above ?? 0, max } = param;
  return { min, ...(max !== undefined && { max }) };
}

const numberField = (bounds: { min: number; max?: number }, placeholder?: string) =>
  h('input', {
    type: 'number',
    step: 'any',
    ...bounds,
    placeholder,
    inputmode: 'decimal',
    autocomplete: 'off',
  });

const labelled = (label: string, input: HTMLElement, unit?: string) =>
  h('label', {}, h('span', {}, label), h('span', { class: 'with-unit' }, input, unit));

const numberIn = ({ value, valueAsNumber }: HTMLInputElement) =>
  value !== '' && Number.isFinite(valueAsNumber) ? valueAsNumber : undefined;

/** Degrees around a place, when nothing else is said. */
const AROUND = 10;

/** How the scale can be told. */
const SCALES = {
  width: 'Width of the field',
  lens: 'Camera and focal length',
  pixels: 'Pixel size and focal length',
} as const;

/** What is known beforehand; all of it may be left empty. */
export function createSettings(client: AstroJobsClient) {
  const place = h('input', {
    type: 'text',
    placeholder: 'M 31, or 00 42 44 +41 16 09',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const found = h('p', { class: 'muted', role: 'status' });
  const radius = numberField(boundsOf('radius'), String(AROUND));
  const way = h(
    'select',
    {},
    Object.entries(SCALES).map(([value, name]) => h('option', { value }, name)),
  );
  const [low, high] = [numberField(boundsOf('scale_low')), numberField(boundsOf('scale_low'))];
  const sensor = h(
    'select',
    {},
    Object.entries(SENSORS).map(([name, value]) => h('option', { value }, name)),
  );
  const pixel = numberField({ min: 0 });
  const focal = numberField({ min: 0 });
  const width = h('div', { class: 'fields' }, labelled('From', low, '°'), labelled('to', high, '°'));
  const sensorField = labelled('Sensor', sensor);
  const pixelField = labelled('Pixel size', pixel, 'µm');
  const lens = h(
    'div',
    { class: 'fields', hidden: true },
    sensorField,
    pixelField,
    labelled('Focal length', focal, 'mm'),
  );
  const downsample = numberField(boundsOf('downsample'));
  const timeout = numberField(boundsOf('timeout'));
  const invert = h('input', { type: 'checkbox' });
  const metadata = h('input', { type: 'checkbox', checked: true });
  const problem = h('p', { class: 'problem', role: 'alert' });

  way.addEventListener('change', () => {
    width.hidden = way.value !== 'width';
    lens.hidden = way.value === 'width';
    sensorField.hidden = way.value !== 'lens';
    pixelField.hidden = way.value !== 'pixels';
  });
  place.addEventListener('change', () => {
    fill(found);
    problem.textContent = '';
    if (place.value.trim() !== '') void look().catch(refuse);
  });

  async function look(): Promise<{ ra: number; dec: number }> {
    const { ra, dec, name } = await findPlace(client, place.value.trim());
    fill(found, name === undefined ? '' : `${name}: `, `RA ${trim(ra, 3)}°, Dec ${trim(dec, 3)}°`);
    return { ra: Number(ra.toFixed(5)), dec: Number(dec.toFixed(5)) };
  }

  function refuse(error: unknown) {
    element.open = true;
    problem.textContent = error instanceof Error ? error.message : String(error);
  }

  function scale(): SolveParamsInput {
    const millimetres = numberIn(focal);
    if (way.value === 'lens' && millimetres) return scaleOfLens(millimetres, Number(sensor.value));
    const micrometres = numberIn(pixel);
    if (way.value === 'pixels' && millimetres && micrometres) return scaleOfPixels(millimetres, micrometres);
    const [from, to] = way.value === 'width' ? [numberIn(low), numberIn(high)] : [];
    const given = from !== undefined || to !== undefined;
    return given ? { scale_low: from ?? null, scale_high: to ?? null, scale_units: 'degwidth' } : {};
  }

  const element = h(
    'details',
    { class: 'settings' },
    h('summary', {}, 'What you know already'),
    h('p', { class: 'muted' }, 'All of it may stay empty. A rough field width makes the search much faster.'),
    h('div', { class: 'fields place' }, labelled('Where it looks', place), labelled('within', radius, '°')),
    found,
    h('div', { class: 'fields one' }, labelled('Scale from', way)),
    width,
    lens,
    h('div', { class: 'fields' }, labelled('Shrink by', downsample, '×'), labelled('At most', timeout, 's')),
    h('label', { class: 'check' }, invert, 'It is a negative: dark stars on a bright sky'),
    h('label', { class: 'check' }, metadata, 'Use what the file itself says'),
    problem,
  );
  return {
    element,
    /** What was filled in, under the names of the API; undefined when it cannot be understood, which is said then. */
    async params(): Promise<SolveParamsInput | undefined> {
      problem.textContent = '';
      try {
        const around =
          place.value.trim() === '' ? {} : { ...(await look()), radius: numberIn(radius) ?? AROUND };
        const [shrink, seconds] = [numberIn(downsample), numberIn(timeout)];
        return {
          ...around,
          ...scale(),
          ...(shrink !== undefined && { downsample: shrink }),
          ...(seconds !== undefined && { timeout: seconds }),
          ...(invert.checked && { invert: true }),
          ...(!metadata.checked && { use_metadata: false }),
        };
      } catch (error) {
        refuse(error);
        return undefined;
      }
    },
  };
}
