import { fill, h } from './dom.js';

/** Asks for a key until the server takes it; `onDone` is told then. */
export function createSignIn(sessionAddress: string, onDone: () => void) {
  let asking = false;
  return function ask(): void {
    if (asking) return;
    asking = true;
    const input = h('input', {
      type: 'password',
      autocomplete: 'current-password',
      required: true,
      'aria-label': 'Key or token',
    });
    const problem = h('p', { class: 'problem', role: 'alert' });
    const form = h(
      'form',
      { method: 'dialog' },
      h('h2', {}, 'This server asks for a key'),
      h('p', { class: 'muted' }, 'Whoever runs it can give you one.'),
      input,
      problem,
      h('button', { class: 'primary' }, 'Enter'),
    );
    const dialog = h('dialog', {}, form);
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void enter();
    });
    async function enter(): Promise<void> {
      const response = await fetch(sessionAddress, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: input.value.trim() }),
      });
      if (response.ok) {
        asking = false;
        dialog.close();
        dialog.remove();
        onDone();
      } else {
        problem.textContent = await refusal(response);
        input.select();
      }
    }
    document.body.append(dialog);
    dialog.showModal();
  };
}

async function refusal(response: Response): Promise<string> {
  const { error_code, error } = await response.json().catch(() => ({}));
  if (error_code === 'unauthorized') return 'That is not it.';
  return typeof error === 'string' ? error : `HTTP ${response.status}`;
}

/** Whose key it is, and a way to take another. */
export function createSignedIn(sessionAddress: string) {
  const element = h('p', { class: 'signed-in', hidden: true });
  const leave = async () => {
    await fetch(sessionAddress, { method: 'DELETE' });
    // The job that is shown may not be one of the next key's.
    location.hash = '';
    location.reload();
  };
  return {
    element,
    show(name: string | undefined): void {
      element.hidden = name === undefined;
      fill(
        element,
        h('span', {}, name),
        h('button', { type: 'button', class: 'plain', onclick: () => void leave() }, 'Sign out'),
      );
    },
  };
}
