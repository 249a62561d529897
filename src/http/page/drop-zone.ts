import { h, icon } from './dom.js';
import { droppedFiles } from './uploads.js';

/** A place to drop pictures or folders on, which is also two buttons; the whole window takes drops. */
export function createDropZone(onFiles: (files: readonly File[]) => void): HTMLElement {
  const chooser = (folder: boolean) => {
    const input = h('input', {
      type: 'file',
      multiple: true,
      hidden: true,
      ...(folder && { webkitdirectory: true }),
    });
    input.addEventListener('change', () => {
      onFiles([...(input.files ?? [])].filter(({ name }) => !name.startsWith('.')));
      input.value = '';
    });
    return input;
  };
  const [pictures, folder] = [chooser(false), chooser(true)];
  let depth = 0;
  const mark = (on: boolean) => document.documentElement.classList.toggle('dropping', on);
  window.addEventListener('dragenter', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    depth++;
    mark(true);
  });
  window.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    mark(depth > 0);
  });
  window.addEventListener('dragover', (event) => event.preventDefault());
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    mark(false);
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
  });
  return h(
    'div',
    { class: 'drop' },
    icon('upload'),
    h('p', {}, 'Drop pictures or a folder'),
    h(
      'p',
      { class: 'drop-buttons' },
      h('button', { type: 'button', onclick: () => pictures.click() }, 'Choose pictures'),
      h('button', { type: 'button', class: 'plain', onclick: () => folder.click() }, 'or a folder'),
    ),
    pictures,
    folder,
  );
}
