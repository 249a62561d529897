/** Rows rendered beyond what is seen, pixels. */
const BEYOND = 600;

export interface WindowList<T> {
  show(items: readonly T[]): void;
  /** Scrolls to an item, unless it is in view. */
  reveal(index: number): void;
}

export interface WindowListOptions<T> {
  /** What the list is scrolled in. */
  scroller(): Element | null;
  /** Pixels, the same for every row. */
  rowHeight: number;
  /** The row of an item, up to date. */
  row(item: T, index: number, count: number): HTMLElement;
  /** The end of the list is near. */
  onEnd(): void;
}

/** Keeps only those rows of a list in the document that are seen or nearly so, whatever it is scrolled in. */
export function createWindowList<T>(list: HTMLElement, options: WindowListOptions<T>): WindowList<T> {
  const { rowHeight, row, onEnd, scroller } = options;
  let items: readonly T[] = [];
  let asked = false;

  function render() {
    asked = false;
    const { top } = list.getBoundingClientRect();
    const from = Math.max(0, Math.floor((-top - BEYOND) / rowHeight));
    const to = Math.min(items.length, Math.ceil((window.innerHeight - top + BEYOND) / rowHeight));
    const shown = items.slice(from, to).map((item, i) => row(item, from + i, items.length));
    const same =
      shown.length === list.children.length && shown.every((element, i) => list.children[i] === element);
    if (!same) {
      // A row that has the focus would lose it by being put in anew.
      const focused = document.activeElement;
      list.replaceChildren(...shown);
      if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
    }
    list.style.paddingTop = `${from * rowHeight}px`;
    list.style.paddingBottom = `${Math.max(0, items.length - Math.max(to, from)) * rowHeight}px`;
    if (to >= items.length) onEnd();
  }

  const soon = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(render);
  };
  // Scrolling does not bubble, but it can be caught on its way down.
  document.addEventListener('scroll', soon, { capture: true, passive: true });
  window.addEventListener('resize', soon);
  return {
    show(now) {
      items = now;
      render();
    },
    reveal(index) {
      const { top, height } = list.getBoundingClientRect();
      const y = top + index * rowHeight;
      if (height === 0 || (y >= 0 && y + rowHeight <= window.innerHeight)) return;
      scroller()?.scrollBy({ top: y - window.innerHeight / 2 });
      render();
    },
  };
}
