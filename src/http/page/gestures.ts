import type { Point } from '../../wcs/display.js';
import { type Zoom, zoomAt } from './zoom.js';

const KEY_STEP = 60;
/** A press that moves no farther than this chooses what is under it. */
const CLICK_PIXELS = 5;

/** What pointer, wheel, pinch and keys do to the picture; points are on the screen, in CSS pixels from its upper left corner. */
export interface GestureTarget {
  readonly zoom: Zoom;
  move(zoom: Zoom): void;
  fit(): void;
  /** The point that the pointer is over; undefined when it leaves. While a picture is dragged, `dragging` is set. */
  point(at: Point | undefined, dragging: boolean): void;
  /** A press that did not move; `touched` by a finger. */
  choose(at: Point, touched: boolean): void;
  /** Holds the coordinates of a point, or lets go of them. */
  hold(at: Point | undefined): void;
  /** The middle of the screen. */
  middle(): Point;
}

/** Listens on the stage until it is removed with its element. */
export function listenToGestures(stage: HTMLElement, target: GestureTarget): void {
  const shift = (dx: number, dy: number) =>
    target.move({ ...target.zoom, x: target.zoom.x + dx, y: target.zoom.y + dy });
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
    if (!before) return target.point(now, false);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    moved += Math.hypot(dx, dy);
    if (other) {
      const spread = (point: Point) => Math.max(10, Math.hypot(point[0] - other[0], point[1] - other[1]));
      const { zoom } = target;
      const shifted = { ...zoom, x: zoom.x + dx / 2, y: zoom.y + dy / 2 };
      const between: Point = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
      target.move(zoomAt(shifted, spread(now) / spread(before), between));
    } else {
      shift(dx, dy);
    }
    target.point(now, true);
  });
  const release = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    stage.classList.toggle('grabbing', pointers.size > 0);
    if (event.type === 'pointerup' && moved < CLICK_PIXELS && pointers.size === 0)
      target.choose(placeOf(event), event.pointerType === 'touch');
  };
  stage.addEventListener('pointerup', release);
  stage.addEventListener('pointercancel', release);
  stage.addEventListener('pointerleave', () => target.point(undefined, false));
  stage.addEventListener('dblclick', (event) =>
    target.move(zoomAt(target.zoom, 2, [event.offsetX, event.offsetY])),
  );
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1);
      const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016));
      target.move(zoomAt(target.zoom, factor, placeOf(event)));
    },
    { passive: false },
  );
  const zoomBy = (factor: number) => target.move(zoomAt(target.zoom, factor, target.middle()));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => shift(KEY_STEP, 0),
    ArrowRight: () => shift(-KEY_STEP, 0),
    ArrowUp: () => shift(0, KEY_STEP),
    ArrowDown: () => shift(0, -KEY_STEP),
    '+': () => zoomBy(1.25),
    '=': () => zoomBy(1.25),
    '-': () => zoomBy(0.8),
    '0': () => target.fit(),
    Enter: () => target.hold(target.middle()),
    Escape: () => target.hold(undefined),
  };
  stage.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
    // Without a pointer, the middle is what one looks at.
    target.point(target.middle(), true);
  });
}
