import { formatDec, formatRa, PlateError, PlateSolver, pixelToSky } from 'astro-jobs/browser';
import { drawOverlay } from './overlay.mjs';

const element = (id) => document.getElementById(id);
const [stage, picture, overlay] = [element('stage'), element('picture'), element('overlay')];
const STAGES = {
  loading_stars: 'Loading the stars of the sky…',
  finding_stars: 'Finding stars in the picture…',
  making_quads: 'Making patterns of stars (once; they are kept)…',
  searching: 'Searching the sky…',
};

const solver = new PlateSolver();
/** The picture at hand: what it waits for, and its answer once it is there. */
let current = { stop: new AbortController(), answer: undefined };

function say(text, isBad = false) {
  // A screen reader speaks what is set, also when it is the same again.
  if (element('status').textContent !== text) element('status').textContent = text;
  element('status').classList.toggle('bad', isBad);
}

function showProgress({ stage: name, fraction }) {
  say(STAGES[name]);
  const bar = element('progress');
  bar.hidden = false;
  if (fraction === undefined) bar.removeAttribute('value');
  else bar.value = fraction;
}

async function solve(file) {
  current.stop.abort();
  const mine = { stop: new AbortController(), answer: undefined };
  current = mine;
  URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
  picture.alt = file.name ?? 'the picture';
  overlay.replaceChildren();
  element('readout').textContent = '';
  for (const id of ['invitation', 'facts', 'layers']) element(id).hidden = true;
  for (const id of ['figure', 'cancel']) element(id).hidden = false;
  const begun = performance.now();
  try {
    const { signal } = mine.stop;
    const onProgress = (progress) => mine === current && showProgress(progress);
    const answer = await solver.solve(file, { signal, onProgress });
    mine.answer = answer;
    drawOverlay(overlay, answer);
    if (answer.solved) showSolution(answer, (performance.now() - begun) / 1000);
    else say(answer.message, true);
    element('layers').hidden = false;
  } catch (error) {
    if (mine !== current) return;
    if (mine.stop.signal.aborted) say('Stopped.');
    else say(error instanceof PlateError ? error.message : `Something went wrong: ${error.message}`, true);
  } finally {
    if (mine === current) for (const id of ['cancel', 'progress']) element(id).hidden = true;
  }
}

function showSolution(answer, seconds) {
  const { ra_center, dec_center, fov_deg, pixscale_arcsec, display_up_deg, mirrored, matches, stars } =
    answer;
  say(`Solved in ${seconds.toFixed(1)} s: ${matches.length} stars match.`);
  const degrees = (value) => `${value.toFixed(value < 10 ? 2 : 1)}°`;
  const facts = [
    ['RA', formatRa(ra_center), ra_center],
    ['Dec', formatDec(dec_center), dec_center],
    ['Field', fov_deg.map(degrees).join(' × ')],
    ['Scale', `${pixscale_arcsec.toPrecision(4)}″ a pixel`, pixscale_arcsec],
    [
      'Up is',
      `${display_up_deg.toFixed(1).replace('-', '−')}° east of north${mirrored ? ', mirrored' : ''}`,
      display_up_deg,
    ],
    ['Stars', `${stars.detected} found, ${matches.length} matched`],
  ];
  const rows = facts.flatMap(([name, text, value]) => {
    const [term, fact] = [document.createElement('dt'), document.createElement('dd')];
    term.textContent = name;
    if (value === undefined) fact.textContent = text;
    else {
      const data = fact.appendChild(document.createElement('data'));
      data.value = value;
      data.textContent = text;
    }
    return [term, fact];
  });
  element('facts').replaceChildren(...rows);
  element('facts').hidden = false;
}

element('file').addEventListener('change', ({ target }) => {
  const [file] = target.files;
  if (file) void solve(file);
  // The same file can then be chosen again.
  target.value = '';
});
element('example').addEventListener('click', async () => {
  const response = await fetch('../orion.jpg').catch(() => undefined);
  if (response?.ok) await solve(await response.blob());
  else say('examples/orion.jpg is not beside this folder.', true);
});
element('cancel').addEventListener('click', () => current.stop.abort());
element('layers').addEventListener('change', ({ target }) => {
  overlay.querySelector(`.${target.value}`).style.display = target.checked ? '' : 'none';
});

for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    stage.classList.toggle('dragged', kind === 'dragenter' || kind === 'dragover');
  });
}
document.addEventListener('drop', ({ dataTransfer }) => {
  const [file] = dataTransfer.files;
  if (file) void solve(file);
});
document.addEventListener('paste', ({ clipboardData }) => {
  const [file] = clipboardData.files;
  if (file) void solve(file);
});

overlay.addEventListener('pointermove', ({ clientX, clientY }) => {
  const { answer } = current;
  if (!answer?.solved) return;
  const box = overlay.getBoundingClientRect();
  const x = ((clientX - box.left) / box.width) * answer.width + 0.5;
  const y = ((clientY - box.top) / box.height) * answer.height + 0.5;
  const [ra, dec] = pixelToSky(answer.wcs, x, y);
  element('readout').textContent = `${formatRa(ra)}  ${formatDec(dec)}`;
});

say('Ready for a picture.');
