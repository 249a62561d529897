import { h } from './dom.js';

const THEMES = { system: 'System', light: 'Light', dark: 'Dark', night: 'Night red' } as const;
type Theme = keyof typeof THEMES;
const KEY = 'astro-jobs theme';

function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY) ?? 'system';
  return Object.hasOwn(THEMES, stored) ? (stored as Theme) : 'system';
}

const apply = (theme: Theme) => {
  document.documentElement.dataset.theme = theme;
};

/** Light, dark, or red for eyes that are used to the dark; kept from visit to visit. */
export function createThemeChoice(): HTMLElement {
  const now = storedTheme();
  apply(now);
  const choice = h(
    'select',
    {
      class: 'theme',
      'aria-label': 'Colours of the page',
      onchange() {
        const theme = choice.value as Theme;
        localStorage.setItem(KEY, theme);
        apply(theme);
      },
    },
    Object.entries(THEMES).map(([value, name]) => h('option', { value, selected: value === now }, name)),
  );
  return choice;
}
