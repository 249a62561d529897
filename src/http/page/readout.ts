import { formatDec, formatRa } from '../../wcs/angles.js';
import { copyText } from './clipboard.js';
import { fill, h } from './dom.js';
import { trim } from './format.js';
import { skyLinks } from './sky-links.js';

export interface ReadoutPoint {
  /** FITS pixels of the stored image. */
  pixel: readonly [x: number, y: number];
  /** Degrees, J2000; NaN where the picture shows no sky. */
  sky: readonly [ra: number, dec: number] | undefined;
}

export interface Readout {
  element: HTMLElement;
  /** What the pointer is over; a pinned point stays until it is let go. */
  point(at: ReadoutPoint | undefined): void;
  /** Holds a point, so that its coordinates can be copied; `field` in degrees is what other programs are to show of it. */
  pin(at: ReadoutPoint | undefined, field: number): void;
}

/** Coordinates under the pointer, in sexagesimal and in degrees: a click on either copies it. */
export function createReadout(): Readout {
  const said = h('span', { class: 'copied', role: 'status' });
  const copier = (name: string) => {
    const text = h('span', {});
    const button = h(
      'button',
      {
        type: 'button',
        class: 'coordinates',
        title: `Copy ${name}`,
        onclick: () => void copy(text.textContent),
      },
      text,
    );
    return { text, button };
  };
  const [sexagesimal, degrees] = [copier('in hours and degrees'), copier('in degrees')];
  const pixel = h('span', { class: 'pixel' });
  const links = h('div', {});
  const element = h(
    'div',
    { class: 'readout', role: 'group', 'aria-label': 'Coordinates', hidden: true },
    sexagesimal.button,
    degrees.button,
    pixel,
    said,
    links,
  );
  let pinned: ReadoutPoint | undefined;
  let timer = 0;

  async function copy(text: string) {
    said.textContent = (await copyText(text)) ? 'Copied' : 'It could not be copied';
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      said.textContent = '';
    }, 2500);
  }

  function show(at: ReadoutPoint | undefined) {
    element.hidden = at === undefined;
    if (!at) return;
    const { sky } = at;
    const known = sky !== undefined && !Number.isNaN(sky[0]);
    sexagesimal.button.hidden = !known;
    degrees.button.hidden = !known;
    if (known) {
      const [ra, dec] = sky;
      sexagesimal.text.textContent = `${formatRa(ra)} ${formatDec(dec)}`;
      degrees.text.textContent = `${ra.toFixed(5)} ${dec < 0 ? '-' : '+'}${Math.abs(dec).toFixed(5)}`;
    }
    const [x, y] = at.pixel;
    pixel.textContent = `x ${trim(x, 1)}  y ${trim(y, 1)}`;
  }

  return {
    element,
    point(at) {
      if (!pinned) show(at);
    },
    pin(at, field) {
      pinned = at;
      element.classList.toggle('pinned', at !== undefined);
      const sky = at?.sky;
      fill(links, sky && !Number.isNaN(sky[0]) && skyLinks({ ra: sky[0], dec: sky[1], field }));
      show(at);
    },
  };
}
