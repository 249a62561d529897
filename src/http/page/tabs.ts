import { h } from './dom.js';

export interface Tab {
  name: string;
  panel: HTMLElement;
}

let count = 0;

export interface Tabs {
  element: HTMLElement;
  /** Shows the tab of this name in lower case, or the first. */
  show(name: string | undefined): void;
}

/** Panels of which one is shown, as the ARIA practices have it: arrow keys move between the tabs. `onChosen` when a person did. */
export function createTabs(tabs: readonly Tab[], label: string, onChosen: (name: string) => void): Tabs {
  const group = `tabs-${++count}`;
  const buttons = tabs.map(({ name }, index) =>
    h(
      'button',
      {
        role: 'tab',
        type: 'button',
        id: `${group}-${index}`,
        'aria-controls': `${group}-panel-${index}`,
        onclick: () => choose(index),
      },
      name,
    ),
  );
  tabs.forEach(({ panel }, index) => {
    panel.setAttribute('role', 'tabpanel');
    panel.id = `${group}-panel-${index}`;
    panel.setAttribute('aria-labelledby', `${group}-${index}`);
  });
  function select(chosen: number) {
    buttons.forEach((button, index) => {
      button.setAttribute('aria-selected', String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
    tabs.forEach(({ panel }, index) => {
      panel.hidden = index !== chosen;
    });
  }
  function choose(index: number) {
    select(index);
    onChosen(tabs[index]?.name ?? '');
  }
  const list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': label }, buttons);
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = (now + step + buttons.length) % buttons.length;
    choose(next);
    buttons[next]?.focus();
  });
  select(0);
  return {
    element: h(
      'div',
      { class: 'tabbed' },
      list,
      tabs.map(({ panel }) => panel),
    ),
    show: (name) =>
      select(
        Math.max(
          0,
          tabs.findIndex((tab) => tab.name.toLowerCase() === name),
        ),
      ),
  };
}
