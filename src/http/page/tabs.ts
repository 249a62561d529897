import { h } from './dom.js';

export interface Tab {
  name: string;
  panel: HTMLElement;
}

let count = 0;

/** Panels of which one is shown, as the ARIA practices have it: arrow keys move between the tabs. */
export function createTabs(tabs: readonly Tab[], label: string): HTMLElement {
  const group = `tabs-${++count}`;
  const buttons = tabs.map(({ name }, index) =>
    h(
      'button',
      {
        role: 'tab',
        type: 'button',
        id: `${group}-${index}`,
        'aria-controls': `${group}-panel-${index}`,
        onclick: () => select(index),
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
  const list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': label }, buttons);
  list.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = (now + step + buttons.length) % buttons.length;
    select(next);
    buttons[next]?.focus();
  });
  select(0);
  return h(
    'div',
    { class: 'tabbed' },
    list,
    tabs.map(({ panel }) => panel),
  );
}
