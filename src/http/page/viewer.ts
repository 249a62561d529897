import type { AstroObject } from '../../client/index.js';
import { formatDec, formatRa } from '../../wcs/angles.js';
import type { Point, Size } from '../../wcs/display.js';
import { radiusInView } from '../../wcs/view.js';
import { h, icon } from './dom.js';
import { trim } from './format.js';
import { listenToGestures } from './gestures.js';
import { type Layer, layerOf } from './layers.js';
import { drawOverlay, type Marked } from './overlay.js';
import type { Sky } from './sky.js';
import { clampZoom, fitZoom, toPicture, toScreen, type Zoom, zoomAt } from './zoom.js';

/** Widths of the picture as the server shrinks it: the first at once, the second when it is looked at closely. */
const WIDTHS = [1600, 4096] as const;

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
      button('plus', 'Zoom in', () => zoomBy(1.5)),
      button('minus', 'Zoom out', () => zoomBy(1 / 1.5)),
      button('fit', 'Whole picture', fit),
    ),
    readout,
  );

  /** The upright picture in its own pixels. */
  const original = sky.viewOn(picture, { scale: 1, x: 0, y: 0 });
  const objects: Marked[] = options.objects.flatMap((object) => {
    if (object.x === undefined || object.y === undefined) return [];
    const { ra_deg, dec_deg, size_arcmin } = object;
    const radius =
      original && size_arcmin && ra_deg !== undefined && dec_deg !== undefined
        ? radiusInView(original, ra_deg, dec_deg, size_arcmin / 120)
        : undefined;
    return [{ object, at: sky.frame.toPicture(object.x, object.y), radius: radius ?? 0 }];
  });
  let layers = options.layers;
  let highlighted: AstroObject | undefined;
  let screen: Size = { width: 1, height: 1 };
  let zoom: Zoom = { scale: 1, x: 0, y: 0 };
  let fitted = true;
  let frame = 0;
  let sharp = false;

  const draw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      image.style.transform = `translate(${zoom.x}px, ${zoom.y}px) scale(${zoom.scale})`;
      image.classList.toggle('pixels', zoom.scale > 5);
      const context = canvas.getContext('2d');
      if (!context) return;
      const ratio = devicePixelRatio;
      const [width, height] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawOverlay(context, { sky, objects, layers, highlighted }, zoom, screen);
      sharpen();
    });
  };

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
    draw();
  }
  const middle = (): Point => [screen.width / 2, screen.height / 2];
  function zoomBy(factor: number) {
    move(zoomAt(zoom, factor, middle()));
  }
  function fit() {
    move(fitZoom(picture, screen));
  }

  function tell(at: Point | undefined) {
    const point = at && toPicture(zoom, at);
    const inside =
      point && point[0] >= 0 && point[1] >= 0 && point[0] <= picture.width && point[1] <= picture.height;
    const place = inside ? original?.toSky(...point) : undefined;
    if (!point || !inside) {
      readout.textContent = '';
      return;
    }
    const [x, y] = sky.frame.toPixel(point);
    const pixel = `x ${trim(x, 1)}  y ${trim(y, 1)}`;
    const isSky = place && !Number.isNaN(place[0]);
    readout.textContent = isSky ? `${formatRa(place[0])}   ${formatDec(place[1])}   ${pixel}` : pixel;
  }

  function under(at: Point): AstroObject | undefined {
    const near = objects
      .filter(({ object }) => layers.has(layerOf(object)))
      .map((marked) => {
        const [x, y] = toScreen(zoom, marked.at);
        return {
          object: marked.object,
          away: Math.hypot(x - at[0], y - at[1]),
          radius: Math.max(8, marked.radius * zoom.scale),
        };
      })
      .filter(({ away, radius }) => away < Math.min(radius, 40) + 6 || Math.abs(away - radius) < 6);
    return near.sort((one, other) => one.away - other.away)[0]?.object;
  }

  listenToGestures(stage, {
    get zoom() {
      return zoom;
    },
    move,
    fit,
    point(at, dragging) {
      tell(at);
      if (!dragging) options.onHover(at && under(at));
    },
    choose: (at) => options.onChoose(under(at)),
    middle,
  });

  image.style.width = `${picture.width}px`;
  image.style.height = `${picture.height}px`;
  const resizing = new ResizeObserver(() => {
    const box = stage.getBoundingClientRect();
    if (box.width === 0) return;
    screen = { width: box.width, height: box.height };
    move(fitted ? fitZoom(picture, screen) : zoom);
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
      const [x, y] = toScreen(zoom, marked.at);
      const margin = 40;
      const seen = x > margin && y > margin && x < screen.width - margin && y < screen.height - margin;
      if (!seen) move({ ...zoom, x: zoom.x + screen.width / 2 - x, y: zoom.y + screen.height / 2 - y });
    },
    close() {
      resizing.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}
