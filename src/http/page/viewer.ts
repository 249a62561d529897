import { paletteOf } from '../../annotate/palette.js';
import { isWide } from '../../annotate/sky-lines.js';
import type { AstroObject } from '../../client/index.js';
import type { Subject } from '../../job/astrometry.js';
import type { Point, Size } from '../../wcs/display.js';
import type { SkyView } from '../../wcs/view.js';
import { h, icon } from './dom.js';
import type { Figures } from './figures.js';
import { listenToGestures } from './gestures.js';
import type { DrawingChoice, Layer } from './layers.js';
import { browserLettering } from './lettering.js';
import { drawOverlay, type Overlay, type PageScene } from './overlay.js';
import { createReadout, type ReadoutPoint } from './readout.js';
import type { Sky } from './sky.js';
import { fillSvg, svgElement } from './svg-parts.js';
import { clampZoom, fitZoom, toPicture, toScreen, type Zoom, zoomAt } from './zoom.js';

/** Widths of the picture as the server shrinks it: the first at once, the second when it is looked at closely. */
const WIDTHS = [1600, 4096] as const;
/** The drawing goes along with a picture that moves, and is made anew when that has rested for so long, milliseconds. */
const REST_MS = 90;
/** Space that names leave to the buttons, pixels. */
const BESIDE_BUTTONS = 6;
/** How near to what is drawn of an object a pointer has to be, pixels: a mouse, a finger. */
const REACH = { fine: 8, coarse: 20 } as const;

export interface ViewerOptions {
  sky: Sky;
  objects: readonly AstroObject[];
  subject: Subject | undefined;
  figures: Figures;
  layers: ReadonlySet<Layer>;
  palette: DrawingChoice['palette'];
  label: string;
  pictureUrl(width: number): string;
  /** The object under the pointer, or none. */
  onHover(object: AstroObject | undefined): void;
  onChoose(object: AstroObject | undefined): void;
}

export interface Viewer {
  element: HTMLElement;
  show(layers: ReadonlySet<Layer>, palette: DrawingChoice['palette']): void;
  highlight(object: AstroObject | undefined): void;
  /** Brings an object into view. */
  reveal(object: AstroObject): void;
  close(): void;
}

/** The picture under its overlay: moved and zoomed by pointer, wheel, pinch and keys. */
export function createViewer(options: ViewerOptions): Viewer {
  const { sky, objects } = options;
  const picture: Size = sky.frame;
  const image = h('img', {
    class: 'viewer-image',
    alt: options.label,
    draggable: 'false',
    src: options.pictureUrl(WIDTHS[0]),
  });
  const [drawn, ring, pin] = [svgElement('g'), svgElement('g'), svgElement('g')];
  const overlay = svgElement('svg');
  overlay.setAttribute('class', 'viewer-overlay');
  overlay.setAttribute('aria-hidden', 'true');
  overlay.append(drawn, ring, pin);
  const readout = createReadout();
  const stage = h(
    'div',
    {
      class: 'stage',
      tabindex: 0,
      role: 'application',
      'aria-label': `${options.label}: arrow keys move, plus and minus zoom, 0 fits, Enter holds the coordinates of the middle`,
    },
    image,
    overlay,
  );
  const button = (name: 'plus' | 'minus' | 'fit', label: string, act: () => void) =>
    h(
      'button',
      { class: 'round', type: 'button', 'aria-label': label, title: label, onclick: act },
      icon(name),
    );
  const buttons = h(
    'div',
    { class: 'zoom' },
    button('plus', 'Zoom in', () => zoomBy(1.5)),
    button('minus', 'Zoom out', () => zoomBy(1 / 1.5)),
    button('fit', 'Whole picture', fit),
  );
  const element = h('div', { class: 'viewer' }, stage, buttons, readout.element);

  const lettering = browserLettering(paletteOf(options.palette).halo);
  /** The upright picture in its own pixels. */
  const original = sky.viewOn(picture, { scale: 1, x: 0, y: 0 });
  const scene: PageScene = {
    objects,
    subject: options.subject,
    layers: options.layers,
    palette: options.palette,
    figures: options.figures,
    wide: original !== undefined && isWide(original),
  };
  let highlighted: AstroObject | undefined;
  let pinned: Point | undefined;
  let screen: Size = { width: 1, height: 1 };
  let zoom: Zoom = { scale: 1, x: 0, y: 0 };
  let fitted = true;
  let [frame, rest] = [0, 0];
  let sharp = false;
  let latest: { overlay: Overlay; view: SkyView; zoom: Zoom } | undefined;

  /** Moves the picture, and the drawing with it. */
  function place() {
    image.style.transform = `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`;
    image.classList.toggle('pixels', zoom.scale > 5);
    if (!latest) return;
    const grown = zoom.scale / latest.zoom.scale;
    overlay.style.transform = `translate(${zoom.x - latest.zoom.x * grown}px, ${zoom.y - latest.zoom.y * grown}px) scale(${grown})`;
    sharpen();
  }

  function redraw() {
    clearTimeout(rest);
    const view = sky.viewOn(screen, zoom);
    if (!view) return;
    const corner = {
      width: buttons.offsetLeft + buttons.offsetWidth + BESIDE_BUTTONS,
      height: buttons.offsetTop + buttons.offsetHeight + BESIDE_BUTTONS,
    };
    latest = { overlay: drawOverlay(scene, view, lettering, corner), view, zoom };
    fillSvg(drawn, latest.overlay.svg);
    drawRing();
    drawPin();
    place();
  }

  function drawRing() {
    fillSvg(ring, highlighted && latest ? latest.overlay.highlight(highlighted) : '');
  }

  function drawPin() {
    if (!pinned) return fillSvg(pin, '');
    const [x, y] = toScreen(zoom, pinned);
    const d = `M${x - 14} ${y}h9M${x + 5} ${y}h9M${x} ${y - 14}v9M${x} ${y + 5}v9`;
    fillSvg(
      pin,
      `<g id="pin" fill="none"><path d="${d}" stroke="#05080c" stroke-width="4" stroke-opacity="0.7"/><path d="${d}" stroke="#ffffff" stroke-width="1.6"/></g>`,
    );
  }

  /** Loads the larger picture once more of it could be seen. */
  function sharpen() {
    if (sharp || picture.width <= WIDTHS[0] || zoom.scale * devicePixelRatio * picture.width <= WIDTHS[0])
      return;
    sharp = true;
    const larger = new Image();
    larger.onload = () => {
      image.src = larger.src;
    };
    larger.src = options.pictureUrl(WIDTHS[1]);
  }

  function move(next: Zoom) {
    zoom = clampZoom(next, picture, screen);
    fitted = Math.abs(zoom.scale / fitZoom(picture, screen).scale - 1) < 1e-3;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(place);
    clearTimeout(rest);
    rest = window.setTimeout(redraw, latest ? REST_MS : 0);
  }
  const middle = (): Point => [screen.width / 2, screen.height / 2];
  function zoomBy(factor: number) {
    move(zoomAt(zoom, factor, middle()));
  }
  function fit() {
    move(fitZoom(picture, screen));
  }

  /** What is known of a point of the screen; undefined beside the picture. */
  function factsAt(at: Point): ReadoutPoint | undefined {
    const point = toPicture(zoom, at);
    const inside = point[0] >= 0 && point[1] >= 0 && point[0] <= picture.width && point[1] <= picture.height;
    return inside ? { pixel: sky.frame.toPixel(point), sky: original?.toSky(...point) } : undefined;
  }

  function hold(at: Point | undefined) {
    const facts = at && factsAt(at);
    pinned = at && facts ? toPicture(zoom, at) : undefined;
    readout.pin(facts, latest ? Math.min(latest.view.visible.width, 600) / latest.view.scale : 1);
    drawPin();
  }

  const under = (at: Point, reach: number) => {
    if (!latest) return undefined;
    // The drawing lies where the picture was when it was made.
    const then = toScreen(latest.zoom, toPicture(zoom, at));
    return latest.overlay.at(then, reach);
  };

  listenToGestures(stage, {
    get zoom() {
      return zoom;
    },
    move,
    fit,
    point(at, dragging) {
      readout.point(at && factsAt(at));
      if (!dragging) options.onHover(at && under(at, REACH.fine));
    },
    choose(at, touched) {
      options.onChoose(under(at, touched ? REACH.coarse : REACH.fine));
      hold(at);
    },
    hold,
    middle,
  });

  image.style.width = `${picture.width}px`;
  image.style.height = `${picture.height}px`;
  const resizing = new ResizeObserver(() => {
    const box = stage.getBoundingClientRect();
    if (box.width === 0) return;
    screen = { width: box.width, height: box.height };
    overlay.setAttribute('viewBox', `0 0 ${screen.width} ${screen.height}`);
    move(fitted ? fitZoom(picture, screen) : zoom);
  });
  resizing.observe(stage);

  return {
    element,
    show(layers, palette) {
      scene.layers = layers;
      scene.palette = palette;
      redraw();
    },
    highlight(object) {
      if (object === highlighted) return;
      highlighted = object;
      drawRing();
    },
    reveal({ ra_deg, dec_deg }) {
      const view = sky.viewOn(screen, zoom);
      const at = ra_deg === undefined || dec_deg === undefined ? undefined : view?.fromSky(ra_deg, dec_deg);
      if (!at) return;
      const margin = 40;
      const [x, y] = at;
      const seen = x > margin && y > margin && x < screen.width - margin && y < screen.height - margin;
      if (!seen) move({ ...zoom, x: zoom.x + screen.width / 2 - x, y: zoom.y + screen.height / 2 - y });
    },
    close() {
      resizing.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(rest);
    },
  };
}
