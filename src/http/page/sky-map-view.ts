import type { AstroJobsClient } from '../../client/index.js';
import { fill, h } from './dom.js';
import type { JobView } from './pending-view.js';

/** The map of the sky with all solved pictures; one of them is opened by a click, or by Enter. */
export function createSkyMapView(client: AstroJobsClient): JobView {
  const closing = new AbortController();
  const told = h('p', { class: 'sky-told', 'aria-live': 'polite' }, 'Loading…');
  const frame = h('div', { class: 'sky-frame', tabindex: 0, role: 'group', 'aria-label': 'Map of the sky' });
  const element = h(
    'section',
    { class: 'sky-map' },
    h(
      'header',
      { class: 'view-head' },
      h('a', { class: 'back', href: '#' }, 'All jobs'),
      h('h1', {}, 'The sky'),
    ),
    frame,
    told,
    h('p', { class: 'muted' }, h('a', { href: client.skyMapAddress(), download: 'sky.svg' }, 'Save the map')),
  );

  async function load() {
    const text = await client.skyMap({ signal: closing.signal });
    const { documentElement: svg } = new DOMParser().parseFromString(text, 'image/svg+xml');
    svg.removeAttribute('width');
    svg.removeAttribute('height');
    const fields = [...svg.querySelectorAll<SVGAElement>('.field')];
    const usual = fields.length === 0 ? 'No picture is solved yet.' : count(fields.length);
    for (const [i, field] of fields.entries()) {
      const title = field.querySelector('title')?.textContent ?? '';
      field.setAttribute('href', `#${field.dataset.job}`);
      field.setAttribute('aria-label', title);
      // One stop of the Tab key; the arrow keys go on from there.
      field.setAttribute('tabindex', i === 0 ? '0' : '-1');
      for (const event of ['pointerenter', 'focus']) field.addEventListener(event, () => fill(told, title));
      for (const event of ['pointerleave', 'blur']) field.addEventListener(event, () => fill(told, usual));
    }
    svg.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const at = fields.indexOf(document.activeElement as SVGAElement);
      if (step === undefined || at < 0) return;
      event.preventDefault();
      const next = fields[(at + step + fields.length) % fields.length];
      fields[at]?.setAttribute('tabindex', '-1');
      next?.setAttribute('tabindex', '0');
      next?.focus();
    });
    fill(frame, svg);
    // On a phone it is wider than the screen: its middle first.
    frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
    fill(told, usual);
  }
  load().catch((error: unknown) => {
    if (!closing.signal.aborted) fill(told, error instanceof Error ? error.message : String(error));
  });
  return { element, update() {}, close: () => closing.abort() };
}

const count = (fields: number) => `${fields} solved ${fields === 1 ? 'picture' : 'pictures'} on the sky`;
