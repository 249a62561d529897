import { h } from './dom.js';
import { colourOf, type DrawingChoice, type LayerSwitch, storeChoice } from './layers.js';

/** A row of switches over the picture; `onChange` after each. */
export function createLayerSwitches(
  switches: readonly LayerSwitch[],
  choice: DrawingChoice,
  onChange: () => void,
): HTMLElement {
  const press = (button: HTMLElement, pressed: boolean) =>
    button.setAttribute('aria-pressed', String(pressed));
  const buttons = switches.map(({ layer, name, count }) => {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'layer',
        onclick() {
          if (!choice.hidden.delete(layer)) choice.hidden.add(layer);
          changed();
        },
      },
      h('span', { class: 'dot' }),
      name,
      count !== undefined && h('small', {}, count),
    );
    return { layer, button };
  });
  const palette = h(
    'button',
    {
      type: 'button',
      class: 'layer',
      title: 'Colours that red–green blindness tells apart',
      onclick() {
        choice.palette = choice.palette === 'standard' ? 'color-blind' : 'standard';
        changed();
      },
    },
    'Colour-blind palette',
  );
  function show() {
    for (const { layer, button } of buttons) {
      press(button, !choice.hidden.has(layer));
      button.style.setProperty('--kind', colourOf(layer, choice.palette));
    }
    press(palette, choice.palette !== 'standard');
  }
  function changed() {
    storeChoice(choice);
    show();
    onChange();
  }
  show();
  return h(
    'div',
    { class: 'layers', role: 'group', 'aria-label': 'What is drawn', tabindex: -1 },
    buttons.map(({ button }) => button),
    palette,
  );
}
