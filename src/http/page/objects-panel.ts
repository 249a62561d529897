import { nameOf } from '../../annotate/names.js';
import type { PaletteName } from '../../annotate/palette.js';
import type { AstroObject } from '../../client/index.js';
import { formatAngle } from '../../wcs/angles.js';
import { fill, h } from './dom.js';
import { trim } from './format.js';
import { colourOf, isShown, kindOfObject, type Layer } from './layers.js';
import { objectCard } from './object-card.js';

export interface ObjectsPanel {
  element: HTMLElement;
  show(layers: ReadonlySet<Layer>, palette: PaletteName): void;
  highlight(object: AstroObject | undefined): void;
  /** What is known of the chosen object, or nothing. */
  choose(object: AstroObject | undefined): void;
  /** Scrolls an object into view. */
  reveal(object: AstroObject): void;
}

export interface ObjectsPanelOptions {
  objects: readonly AstroObject[];
  onHover(object: AstroObject | undefined): void;
  onChoose(object: AstroObject): void;
}

interface Column {
  name: string;
  /** What it is sorted by, rising; undefined goes last either way. */
  key(object: AstroObject): number | string | undefined;
  text(object: AstroObject): string;
}

const titleOf = (object: AstroObject) => nameOf(object).title;

const COLUMNS: readonly Column[] = [
  { name: 'Object', key: titleOf, text: titleOf },
  { name: 'Type', key: ({ type }) => type, text: ({ type }) => type ?? '' },
  {
    name: 'Mag',
    key: ({ magnitude }) => magnitude,
    text: ({ magnitude }) => (magnitude === undefined ? '' : trim(magnitude, 1)),
  },
  {
    name: 'Size',
    key: ({ size_arcmin }) => size_arcmin,
    text: ({ size_arcmin }) => (size_arcmin ? formatAngle(size_arcmin / 60) : ''),
  },
  {
    name: 'From centre',
    key: ({ sep_arcmin }) => sep_arcmin,
    text: ({ sep_arcmin }) => formatAngle(sep_arcmin / 60),
  },
];

const collator = new Intl.Collator('en', { numeric: true });

function compare(column: Column, falling: boolean) {
  return (one: AstroObject, other: AstroObject): number => {
    const [left, right] = [column.key(one), column.key(other)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    const rising =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : collator.compare(String(left), String(right));
    return falling ? -rising : rising;
  };
}

interface Row {
  object: AstroObject;
  element: HTMLTableRowElement;
  button: HTMLButtonElement;
  words: string;
}

function createRow(object: AstroObject, options: ObjectsPanelOptions): Row {
  const { title, detail } = nameOf(object);
  const button = h('button', { type: 'button', class: 'object' }, h('span', { class: 'dot' }), title);
  const [, ...columns] = COLUMNS;
  const element = h(
    'tr',
    {
      // The button in it is for keys and screen readers; its clicks arrive here too.
      onclick: () => options.onChoose(object),
      onpointerenter: () => options.onHover(object),
      onpointerleave: () => options.onHover(undefined),
      onfocusin: () => options.onHover(object),
      onfocusout: () => options.onHover(undefined),
    },
    h('th', { scope: 'row' }, button, detail !== undefined && h('small', {}, detail)),
    columns.map((column) => h('td', {}, column.text(object))),
  );
  const words = [object.name, object.type, ...(object.names ?? [])].join(' ').toLowerCase();
  return { object, element, button, words };
}

/** What is in the picture: found by any of its names, sorted by any column; at first what stands out most comes first. */
export function createObjectsPanel(options: ObjectsPanelOptions): ObjectsPanel {
  const rows = options.objects.map((object) => createRow(object, options));
  const byProminence = rows.toSorted(
    (one, other) => (other.object.prominence ?? 0) - (one.object.prominence ?? 0),
  );
  let layers: ReadonlySet<Layer> = new Set();
  let sorting: { column: Column; falling: boolean } | undefined;
  const search = h('input', {
    type: 'search',
    placeholder: 'Find a name or type',
    'aria-label': 'Find an object',
    oninput: () => filter(),
    onkeydown(event: KeyboardEvent) {
      const [first] = rows.filter(({ element }) => !element.hidden);
      if (event.key === 'Enter' && first) options.onChoose(shownRows()[0]?.object ?? first.object);
    },
  });
  const none = h('p', { class: 'muted' }, 'Nothing of that kind in this field.');
  const card = h('div', { class: 'chosen-object', 'aria-live': 'polite' });
  const body = h('tbody', {});
  const headings = COLUMNS.map((column) => ({
    column,
    cell: h(
      'th',
      { scope: 'col' },
      h('button', { type: 'button', class: 'sort', onclick: () => sort(column) }, column.name),
    ),
  }));
  const table = h(
    'table',
    { class: 'objects' },
    h('caption', { class: 'unseen' }, 'Objects in this picture'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        headings.map(({ cell }) => cell),
      ),
    ),
    body,
  );
  const shownRows = () =>
    [...body.rows].flatMap((row) => rows.find(({ element }) => element === row && !row.hidden) ?? []);
  body.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = shownRows().map(({ button }) => button);
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
  });

  function sort(column: Column) {
    sorting = { column, falling: sorting?.column === column && !sorting.falling };
    arrange();
  }

  function arrange() {
    const order = sorting && compare(sorting.column, sorting.falling);
    const arranged = order
      ? byProminence.toSorted((one, other) => order(one.object, other.object))
      : byProminence;
    body.replaceChildren(...arranged.map(({ element }) => element));
    for (const { column, cell } of headings) {
      if (column === sorting?.column)
        cell.setAttribute('aria-sort', sorting.falling ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    }
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const { object, element, words } of rows) {
      element.hidden = !isShown(object, layers) || !words.includes(wanted);
      if (!element.hidden) count++;
    }
    none.hidden = count > 0;
    table.hidden = count === 0;
    // What was searched for and is the only one is shown at once.
    const [only] = count === 1 && wanted !== '' ? shownRows() : [];
    options.onHover(only?.object);
  }
  arrange();
  return {
    element: h('section', { class: 'panel' }, search, card, none, table),
    show(next, palette) {
      layers = next;
      for (const { object, element } of rows)
        element.style.setProperty('--kind', colourOf(kindOfObject(object), palette));
      filter();
    },
    highlight(object) {
      for (const row of rows) row.element.classList.toggle('chosen', row.object === object);
    },
    choose(object) {
      fill(card, object && objectCard(object));
      for (const row of rows) row.button.setAttribute('aria-pressed', String(row.object === object));
    },
    reveal(object) {
      rows.find((candidate) => candidate.object === object)?.element.scrollIntoView({ block: 'nearest' });
    },
  };
}
