import { h, icon } from './dom.js';
import { droppedFiles } from './uploads.js';

export interface DropEvents {
  onFiles(files: readonly File[]): void;
  /** An address of a picture, for the server to fetch. */
  onAddress(url: string): void;
}

/** The first http address in a text, which must hold nothing else. */
function addressIn(text: string): string | undefined {
  const line = text.trim();
  return /^https?:\/\/\S+$/i.test(line) ? line : undefined;
}

/** A place to drop pictures, folders and links on, which is also buttons; the whole window takes drops and what is pasted. */
export function createDropZone({ onFiles, onAddress }: DropEvents): HTMLElement {
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
  const wanted = ({ dataTransfer }: DragEvent) =>
    dataTransfer?.types.some((type) => type === 'Files' || type === 'text/uri-list');
  window.addEventListener('dragenter', (event) => {
    if (!wanted(event)) return;
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
    const { dataTransfer } = event;
    if (!dataTransfer) return;
    const url = dataTransfer.types.includes('Files')
      ? undefined
      : addressIn(dataTransfer.getData('text/uri-list'));
    if (url !== undefined) onAddress(url);
    else void droppedFiles(dataTransfer).then(onFiles);
  });
  window.addEventListener('paste', ({ clipboardData, target }) => {
    if (!clipboardData) return;
    const files = [...clipboardData.files];
    if (files.length > 0) return onFiles(files.map(pasted));
    if (target instanceof HTMLInputElement) return;
    const url = addressIn(clipboardData.getData('text/plain'));
    if (url !== undefined) onAddress(url);
  });
  const address = h('input', {
    type: 'url',
    required: true,
    placeholder: 'https://…',
    'aria-label': 'Address of a picture',
  });
  const form = h('form', { class: 'address', hidden: true }, address, h('button', {}, 'Fetch'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onAddress(address.value.trim());
    address.value = '';
    form.hidden = true;
  });
  const showForm = () => {
    form.hidden = !form.hidden;
    if (!form.hidden) address.focus();
  };
  return h(
    'div',
    { class: 'drop' },
    icon('upload'),
    h('p', {}, 'Drop or paste pictures'),
    h(
      'p',
      { class: 'drop-buttons' },
      h('button', { type: 'button', onclick: () => pictures.click() }, 'Choose pictures'),
      h(
        'span',
        {},
        h('button', { type: 'button', class: 'plain', onclick: () => folder.click() }, 'or a folder'),
        h('button', { type: 'button', class: 'plain', onclick: showForm }, 'an address'),
      ),
    ),
    form,
    pictures,
    folder,
  );
}

/** Browsers call every picture of the clipboard the same; the time tells them apart. */
function pasted(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const time = new Date().toLocaleTimeString('en-GB').replaceAll(':', '-');
  return new File([file], file.name.replace('image', `pasted ${time}`), { type: file.type });
}
