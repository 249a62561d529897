import type {
  AstroJobsClient,
  AstroObject,
  FileEntry,
  Geometry,
  PublicStatus,
  SolvedResult,
} from '../../client/index.js';
import { formatAngle, formatDec, formatRa, SECOND_OF_TIME } from '../../wcs/angles.js';
import { fill, h, icon } from './dom.js';
import { formatBytes } from './format.js';
import { colourOf, LAYERS, type Layer, layerOf } from './layers.js';
import { createObjectsPanel } from './objects-panel.js';
import type { JobView } from './pending-view.js';
import { qualityPanel } from './quality-panel.js';
import { skyOf } from './sky.js';
import { captureTable, solutionTable } from './tables.js';
import { createTabs } from './tabs.js';
import { createViewer } from './viewer.js';

const HIDDEN_KEY = 'astro-jobs hidden layers';

/** Layers stay switched as they were, from picture to picture. */
function storedHidden(): Set<Layer> {
  try {
    return new Set(JSON.parse(localStorage.getItem(HIDDEN_KEY) ?? '["grid"]'));
  } catch {
    return new Set(['grid']);
  }
}

/** A picture with its solution: what is in it, where it looks, and all that can be taken along. */
export function createSolvedView(client: AstroJobsClient, { job_id, filename }: PublicStatus): JobView {
  const element = h('div', { class: 'solved' }, h('p', { class: 'muted loading' }, 'Loading…'));
  const closing = new AbortController();
  let close = () => {};

  async function load() {
    const { signal } = closing;
    const [result, geometry, files] = await Promise.all([
      client.result(job_id, { signal }),
      client.geometry(job_id, { signal }),
      client.files(job_id, { signal }),
    ]);
    if (!result.ok || signal.aborted) return;
    close = show(result, geometry, files);
  }

  function show(result: SolvedResult, geometry: Geometry, files: readonly FileEntry[]): () => void {
    const { objects, ra_center, dec_center, fov_deg, subject, constellation } = result.astrometry;
    const present = LAYERS.filter(
      ({ layer }) => layer === 'grid' || objects.some((object) => layerOf(object) === layer),
    );
    const hidden = storedHidden();
    const shown = () =>
      new Set<Layer>(present.map(({ layer }) => layer).filter((layer) => !hidden.has(layer)));
    let chosen: AstroObject | undefined;
    const hover = (object: AstroObject | undefined) => {
      viewer.highlight(object ?? chosen);
      panel.highlight(object ?? chosen);
    };
    const choose = (object: AstroObject | undefined) => {
      chosen = object === chosen ? undefined : object;
      hover(chosen);
    };
    const viewer = createViewer({
      sky: skyOf(geometry, result.astrometry),
      objects,
      layers: shown(),
      label: filename ?? 'The picture',
      pictureUrl: (width) => client.addressOf(job_id, 'preview.jpg', { width }),
      onHover: hover,
      onChoose(object) {
        choose(object);
        if (object) panel.reveal(object);
      },
    });
    const panel = createObjectsPanel({
      objects,
      onHover: hover,
      onChoose(object) {
        choose(object);
        if (chosen) viewer.reveal(chosen);
      },
    });
    const toggles = present.map(({ layer, name }) => {
      const count = objects.filter((object) => layerOf(object) === layer).length;
      const button = h(
        'button',
        { type: 'button', class: 'layer', 'aria-pressed': !hidden.has(layer), onclick: () => toggle() },
        h('span', { class: 'dot' }),
        name,
        layer !== 'grid' && h('small', {}, count),
      );
      button.setAttribute('aria-pressed', String(!hidden.has(layer)));
      button.style.setProperty('--kind', colourOf(layer));
      const toggle = () => {
        if (!hidden.delete(layer)) hidden.add(layer);
        button.setAttribute('aria-pressed', String(!hidden.has(layer)));
        localStorage.setItem(HIDDEN_KEY, JSON.stringify([...hidden]));
        viewer.show(shown());
        panel.show(shown());
      };
      return button;
    });
    panel.show(shown());
    const where = [
      // What a person would say that the picture shows.
      subject ? [subject.name, subject.common_name].filter(Boolean).join(' · ') : constellation,
      `${formatRa(ra_center, SECOND_OF_TIME)}  ${formatDec(dec_center)}`,
      `${formatAngle(fov_deg[0])} × ${formatAngle(fov_deg[1])}`,
    ];
    const quality = qualityPanel(result, client.addressOf(job_id, 'quality.svg'));
    const tabs = createTabs(
      [
        { name: 'Objects', panel: panel.element },
        { name: 'Solution', panel: solutionTable(result) },
        ...(quality ? [{ name: 'Quality', panel: quality }] : []),
        { name: 'Capture', panel: captureTable(result.capture) },
        { name: 'Files', panel: filesPanel(files, geometry) },
      ],
      'About this picture',
    );
    fill(
      element,
      h(
        'div',
        { class: 'sky' },
        h('div', { class: 'layers', role: 'group', 'aria-label': 'Overlay' }, toggles),
        viewer.element,
      ),
      h(
        'aside',
        { class: 'about', 'aria-label': 'About this picture' },
        h(
          'p',
          { class: 'where' },
          where.filter(Boolean).map((text) => h('span', {}, text)),
        ),
        tabs,
      ),
    );
    return viewer.close;
  }

  function filesPanel(files: readonly FileEntry[], geometry: Geometry): HTMLElement {
    const size = (name: string) => files.find((file) => file.name === name)?.size;
    const stem = (filename ?? 'image').replace(/\.[^.]{1,5}$/, '');
    const link = (
      name: string,
      about: string,
      what: Parameters<typeof client.addressOf>[1],
      saveAs: string,
      bytes?: number,
    ) =>
      h(
        'li',
        {},
        h(
          'a',
          { class: 'file', href: client.addressOf(job_id, what), download: saveAs },
          icon('download'),
          h('span', {}, name, h('small', {}, about)),
          bytes !== undefined && h('small', {}, formatBytes(bytes)),
        ),
      );
    const pixels = geometry.image.kind !== 'source-list';
    return h(
      'section',
      { class: 'panel' },
      h(
        'ul',
        { class: 'files' },
        pixels && link('Annotated picture', 'JPEG, ready to show', 'annotated.jpg', `${stem}-annotated.jpg`),
        link('Result', 'everything here, as JSON', 'result', `${stem}.json`, size('result.json')),
        size('solution.wcs') !== undefined &&
          link(
            'WCS',
            'FITS header of the solution',
            'files/solution.wcs',
            `${stem}.wcs`,
            size('solution.wcs'),
          ),
        pixels &&
          size('solution.wcs') !== undefined &&
          link('New FITS', 'the image with the solution in its header', 'new.fits', `${stem}-solved.fits`),
        size('solution.axy') !== undefined &&
          link('Stars found', 'FITS table', 'files/solution.axy', `${stem}.axy`, size('solution.axy')),
        size('solution.corr') !== undefined &&
          link('Stars matched', 'FITS table', 'files/solution.corr', `${stem}.corr`, size('solution.corr')),
        size('stars.fits') !== undefined &&
          link('Stars measured', 'text, one a line', 'stars.csv', `${stem}-stars.csv`),
        link('Original', 'as it came', 'image', filename ?? 'image'),
        link('Log', 'what the solver printed', 'log', `${stem}.log`),
      ),
    );
  }

  load().catch((error) => {
    if (closing.signal.aborted) return;
    fill(
      element,
      h('p', { class: 'problem', role: 'alert' }, error instanceof Error ? error.message : String(error)),
    );
  });
  return {
    element,
    update() {},
    close() {
      closing.abort();
      close();
    },
  };
}
