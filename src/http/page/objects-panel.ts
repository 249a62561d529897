import type { AstroObject } from '../../client/index.js';
import { formatAngle, formatDec, formatRa } from '../../wcs/angles.js';
import { h } from './dom.js';
import { trim } from './format.js';
import { colourOf, type Layer, layerOf } from './layers.js';

export interface ObjectsPanel {
  element: HTMLElement;
  show(layers: ReadonlySet<Layer>): void;
  highlight(object: AstroObject | undefined): void;
  /** Scrolls an object into view. */
  reveal(object: AstroObject): void;
}

export interface ObjectsPanelOptions {
  objects: readonly AstroObject[];
  onHover(object: AstroObject | undefined): void;
  onChoose(object: AstroObject): void;
}

function described(object: AstroObject): string {
  const aliases = (object.names ?? []).filter((name) => name !== object.name).slice(0, 3);
  return [object.type, ...aliases].filter(Boolean).join(' · ');
}

function row(object: AstroObject, options: ObjectsPanelOptions): HTMLButtonElement {
  const place =
    object.ra_deg === undefined || object.dec_deg === undefined
      ? ''
      : `${formatRa(object.ra_deg)}  ${formatDec(object.dec_deg)}`;
  const button = h(
    'button',
    {
      type: 'button',
      class: 'object',
      title: place,
      onclick: () => options.onChoose(object),
      onpointerenter: () => options.onHover(object),
      onpointerleave: () => options.onHover(undefined),
    },
    h('span', { class: 'dot' }),
    h('span', { class: 'object-name' }, object.name, h('small', {}, described(object))),
    h(
      'span',
      { class: 'object-figures' },
      object.magnitude === undefined ? '' : `${trim(object.magnitude, 1)} mag`,
      h('small', {}, formatAngle(object.sep_arcmin / 60)),
    ),
  );
  button.style.setProperty('--kind', colourOf(layerOf(object)));
  return button;
}

/** What is in the picture, nearest to the centre first; searched by any of its names. */
export function createObjectsPanel(options: ObjectsPanelOptions): ObjectsPanel {
  const rows = options.objects.map((object) => ({
    object,
    button: row(object, options),
    words: [object.name, object.type, ...(object.names ?? [])].join(' ').toLowerCase(),
  }));
  let layers: ReadonlySet<Layer> = new Set();
  const search = h('input', {
    type: 'search',
    placeholder: 'Find a name or type',
    'aria-label': 'Find an object',
    oninput: () => filter(),
  });
  const none = h('p', { class: 'muted' }, 'Nothing of that kind in this field.');
  const list = h(
    'div',
    { class: 'objects' },
    rows.map(({ button }) => button),
  );
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const shown = rows.filter(({ button }) => !button.hidden).map(({ button }) => button);
    shown[shown.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
  });

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const { object, button, words } of rows) {
      button.hidden = !layers.has(layerOf(object)) || !words.includes(wanted);
      if (!button.hidden) count++;
    }
    none.hidden = count > 0;
  }
  return {
    element: h('section', { class: 'panel' }, search, none, list),
    show(next) {
      layers = next;
      filter();
    },
    highlight(object) {
      for (const { object: candidate, button } of rows)
        button.classList.toggle('chosen', candidate === object);
    },
    reveal(object) {
      rows.find((candidate) => candidate.object === object)?.button.scrollIntoView({ block: 'nearest' });
    },
  };
}
