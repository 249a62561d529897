import type { AstroObject } from '../../client/index.js';
import { h, icon } from './dom.js';
import { formatDec, formatRa, trim } from './format.js';
import type { Point } from './frame.js';
import { type Layer, layerOf } from './layers.js';
import { drawOverlay, type Marked } from './overlay.js';
import { clampView, fitView, type Size, toPicture, toScreen, type View, zoomAt } from './projection.js';
import type { Sky } from './sky.js';

/** Widths of the picture as the server shrinks it: the first at once, the second when somebody looks closer. */
const WIDTHS = [1600, 4096] as const;
const KEY_STEP = 60;

export interface ViewerOptions {
  sky: Sky;
  objects: readonly AstroObject[];
  layers: ReadonlySet<Layer>;
  label: string;
  pictureUrl(width: number): string;
  /** The object under the pointer, or none. */
  onHover(object: AstroObject | undefined): void;
  onChoose(object: AstroObject | undefined): void;
}

export interface Viewer {
  element: HTMLElement;
  show(layers: ReadonlySet<Layer>): void;
  highlight(object: AstroObject | undefined): void;
  /** Brings an object into view. */
  reveal(object: AstroObject): void;
  close(): void;
}

/** The picture under its overlay: moved and zoomed by pointer, wheel, pinch and keys. */
export function createViewer(options: ViewerOptions): Viewer {
  const { sky } = options;
  const picture: Size = sky.frame;
  const image = h('img', {
    class: 'viewer-image',
    alt: options.label,
    draggable: 'false',
    src: options.pictureUrl(WIDTHS[0]),
  });
  const canvas = h('canvas', { class: 'viewer-overlay', 'aria-hidden': 'true' });
  const readout = h('output', { class: 'readout', 'aria-live': 'off' });
  const stage = h(
    'div',
    {
      class: 'stage',
      tabindex: 0,
      role: 'application',
      'aria-label': `${options.label}: arrow keys move, plus and minus zoom, 0 fits`,
    },
    image,
    canvas,
  );
  const button = (name: 'plus' | 'minus' | 'fit', label: string, act: () => void) =>
    h(
      'button',
      { class: 'round', type: 'button', 'aria-label': label, title: label, onclick: act },
      icon(name),
    );
  const element = h(
    'div',
    { class: 'viewer' },
    stage,
    h(
      'div',
      { class: 'zoom' },
      button('plus', 'Zoom in', () => zoom(1.5)),
      button('minus', 'Zoom out', () => zoom(1 / 1.5)),
      button('fit', 'Whole picture', fit),
    ),
    readout,
  );

  const objects: Marked[] = options.objects.flatMap((object) => {
    if (object.x === undefined || object.y === undefined) return [];
    const at = sky.frame.toPicture(object.x, object.y);
    return [{ object, at, radius: radiusOf(object, at) }];
  });
  let layers = options.layers;
  let highlighted: AstroObject | undefined;
  let screen: Size = { width: 1, height: 1 };
  let view: View = { scale: 1, x: 0, y: 0 };
  let fitted = true;
  let frame = 0;
  let sharp = false;

  function radiusOf(object: AstroObject, at: Point): number {
    const here = sky.at(at);
    const beside = sky.at([at[0] + 1, at[1]]);
    if (!object.size_arcmin || !here || !beside) return 0;
    const degrees = Math.hypot(
      (beside[0] - here[0]) * Math.cos((here[1] * Math.PI) / 180),
      beside[1] - here[1],
    );
    return degrees > 0 ? object.size_arcmin / 120 / degrees : 0;
  }

  const draw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
      image.classList.toggle('pixels', view.scale > 5);
      const context = canvas.getContext('2d')!;
      const ratio = devicePixelRatio;
      const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawOverlay(context, { sky, objects, layers, highlighted, labels: true }, view, screen);
      sharpen();
    });
  };

  /** Loads the larger picture once more of it could be seen. */
  function sharpen() {
    if (sharp || picture.width <= WIDTHS[0] || view.scale * devicePixelRatio * picture.width <= WIDTHS[0])
      return;
    sharp = true;
    const larger = new Image();
    larger.onload = () => {
      image.src = larger.src;
    };
    larger.src = options.pictureUrl(WIDTHS[1]);
  }

  function move(next: View) {
    view = clampView(next, picture, screen);
    fitted = Math.abs(view.scale / fitView(picture, screen).scale - 1) < 1e-3;
    draw();
  }
  function zoom(factor: number, at: Point = [screen.width / 2, screen.height / 2]) {
    move(zoomAt(view, factor, at));
  }
  function fit() {
    move(fitView(picture, screen));
  }

  function tell(at: Point | undefined) {
    const point = at && toPicture(view, at);
    const inside =
      point && point[0] >= 0 && point[1] >= 0 && point[0] <= picture.width && point[1] <= picture.height;
    const place = inside ? sky.at(point) : undefined;
    if (!point || !inside) {
      readout.textContent = '';
      return;
    }
    const [x, y] = sky.frame.toPixel(point);
    const pixel = `x ${trim(x, 1)}  y ${trim(y, 1)}`;
    readout.textContent = place ? `${formatRa(place[0])}   ${formatDec(place[1])}   ${pixel}` : pixel;
  }

  function under(at: Point): AstroObject | undefined {
    const near = objects
      .filter(({ object }) => layers.has(layerOf(object)))
      .map((marked) => {
        const [x, y] = toScreen(view, marked.at);
        return {
          object: marked.object,
          away: Math.hypot(x - at[0], y - at[1]),
          ring: Math.max(8, marked.radius * view.scale),
        };
      })
      .filter(({ away, ring }) => away < Math.min(ring, 40) + 6 || Math.abs(away - ring) < 6);
    return near.sort((one, other) => one.away - other.away)[0]?.object;
  }

  const pointers = new Map<number, Point>();
  let moved = 0;
  const placeOf = (event: PointerEvent | WheelEvent): Point => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  stage.addEventListener('pointerdown', (event) => {
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) moved = 0;
    stage.classList.add('grabbing');
  });
  stage.addEventListener('pointermove', (event) => {
    const now = placeOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      tell(now);
      options.onHover(under(now));
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (other) {
      const spread = (point: Point) => Math.max(10, Math.hypot(point[0] - other[0], point[1] - other[1]));
      const middle: Point = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      const shifted = { ...view, x: view.x + (now[0] - before[0]) / 2, y: view.y + (now[1] - before[1]) / 2 };
      move(zoomAt(shifted, spread(now) / spread(before), middle));
    } else {
      move({ ...view, x: view.x + now[0] - before[0], y: view.y + now[1] - before[1] });
    }
    tell(now);
  });
  const release = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    stage.classList.toggle('grabbing', pointers.size > 0);
    if (event.type === 'pointerup' && moved < 5 && pointers.size === 0)
      options.onChoose(under(placeOf(event)));
  };
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
  stage.addEventListener('pointerleave', () => {
    tell(undefined);
    options.onHover(undefined);
  });
  stage.addEventListener('dblclick', (event) => zoom(2, [event.offsetX, event.offsetY]));
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 20 : 1;
      zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)), placeOf(event));
    },
    { passive: false },
  );
  stage.addEventListener('keydown', (event) => {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => move({ ...view, x: view.x + KEY_STEP }),
      ArrowRight: () => move({ ...view, x: view.x - KEY_STEP }),
      ArrowUp: () => move({ ...view, y: view.y + KEY_STEP }),
      ArrowDown: () => move({ ...view, y: view.y - KEY_STEP }),
      '+': () => zoom(1.25),
      '=': () => zoom(1.25),
      '-': () => zoom(0.8),
      '0': fit,
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    // Without a pointer, the middle is what one looks at.
    tell([screen.width / 2, screen.height / 2]);
  });

  image.style.width = `${picture.width}px`;
  image.style.height = `${picture.height}px`;
  const resizing = new ResizeObserver(() => {
    const box = stage.getBoundingClientRect();
    if (box.width === 0) return;
    screen = { width: box.width, height: box.height };
    move(fitted ? fitView(picture, screen) : view);
  });
  resizing.observe(stage);

  return {
    element,
    show(next) {
      layers = next;
      draw();
    },
    highlight(object) {
      if (object === highlighted) return;
      highlighted = object;
      draw();
    },
    reveal(object) {
      const marked = objects.find((candidate) => candidate.object === object);
      if (!marked) return;
      const [x, y] = toScreen(view, marked.at);
      const margin = 40;
      const seen = x > margin && y > margin && x < screen.width - margin && y < screen.height - margin;
      if (!seen) move({ ...view, x: view.x + screen.width / 2 - x, y: view.y + screen.height / 2 - y });
    },
    close() {
      resizing.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}
