import { greatCircle, isWide } from '../../annotate/sky-lines.js';
import type {
  AstroJobsClient,
  AstroObject,
  ExportEntry,
  FileEntry,
  Geometry,
  PublicStatus,
  SolvedResult,
} from '../../client/index.js';
import type { SkyView } from '../../wcs/view.js';
import { goToPart, pageAddress } from './address.js';
import { fill, h } from './dom.js';
import { type Figures, fetchFigures } from './figures.js';
import { createFilesPanel } from './files-panel.js';
import { headlineOf, sentencesOf } from './headline.js';
import { createLayerSwitches } from './layer-switches.js';
import { type Layer, type Lines, storedChoice, switchesOf } from './layers.js';
import { createObjectsPanel } from './objects-panel.js';
import type { JobView } from './pending-view.js';
import { qualityPanel } from './quality-panel.js';
import { skyOf } from './sky.js';
import { skyLinks } from './sky-links.js';
import { captureTable, solutionTable } from './tables.js';
import { createTabs } from './tabs.js';
import { createViewer } from './viewer.js';

/** What the view is made of. */
interface Loaded {
  result: SolvedResult;
  geometry: Geometry;
  files: readonly FileEntry[];
  exports: readonly ExportEntry[];
  figures: Figures;
}

/** The lines that cross a picture, so that they can be switched. */
function linesIn(view: SkyView | undefined, { astrometry }: SolvedResult): Set<Lines> {
  const lines = new Set<Lines>();
  if (!view) return lines;
  lines.add('grid');
  if (isWide(view) || astrometry.subject?.catalog === 'constellation') lines.add('constellations');
  for (const circle of ['ecliptic', 'equator', 'galactic'] as const)
    if (greatCircle(view, circle).pieces.length > 0) lines.add(circle);
  return lines;
}

/** A picture with its solution: what is in it, where it looks, and all that can be taken along. */
export function createSolvedView(
  client: AstroJobsClient,
  status: PublicStatus,
  onHeadline: (headline: string) => void,
): JobView {
  const { job_id, filename } = status;
  const element = h('div', { class: 'solved' }, h('p', { class: 'muted loading' }, 'Loading…'));
  const closing = new AbortController();
  const { signal } = closing;

  async function load() {
    const [result, geometry, files, exports, figures] = await Promise.all([
      client.result(job_id, { signal }),
      client.geometry(job_id, { signal }),
      client.files(job_id, { signal }),
      client.exports(job_id, { signal }),
      fetchFigures(),
    ]);
    if (!result.ok || signal.aborted) return;
    show({ result, geometry, files, exports, figures });
  }

  function show({ result, geometry, files, exports, figures }: Loaded) {
    const { objects, subject, ra_center, dec_center, fov_deg } = result.astrometry;
    const sky = skyOf(geometry, result.astrometry);
    const switches = switchesOf(objects, linesIn(sky.viewOn(sky.frame, { scale: 1, x: 0, y: 0 }), result));
    const choice = storedChoice();
    const shown = () =>
      new Set<Layer>(switches.map(({ layer }) => layer).filter((layer) => !choice.hidden.has(layer)));
    let chosen: AstroObject | undefined;
    const hover = (object: AstroObject | undefined) => {
      viewer.highlight(object ?? chosen);
      panel.highlight(object ?? chosen);
    };
    const choose = (object: AstroObject | undefined) => {
      chosen = object === chosen ? undefined : object;
      panel.choose(chosen);
      hover(chosen);
    };
    const { constellation } = result.astrometry;
    const constellationName = constellation && (figures.get(constellation)?.name ?? constellation);
    const headline = headlineOf(result) ?? constellationName;
    const viewer = createViewer({
      sky,
      objects,
      subject,
      figures,
      layers: shown(),
      palette: choice.palette,
      label: headline ?? filename ?? 'The picture',
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
    const taken = createFilesPanel(client, status, files, exports);
    const layers = createLayerSwitches(switches, choice, () => {
      viewer.show(shown(), choice.palette);
      panel.show(shown(), choice.palette);
      taken.show(choice.palette);
    });
    panel.show(shown(), choice.palette);
    taken.show(choice.palette);
    const quality = qualityPanel(result, client.addressOf(job_id, 'exports/quality-map'));
    const tabs = createTabs(
      [
        { name: 'Objects', panel: panel.element },
        { name: 'Solution', panel: solutionTable(result, constellationName) },
        ...(quality ? [{ name: 'Quality', panel: quality }] : []),
        { name: 'Capture', panel: captureTable(result.capture) },
        { name: 'Files', panel: taken.element },
      ],
      'About this picture',
      (name) => goToPart(job_id, name.toLowerCase()),
    );
    const followAddress = () => {
      const { job, part = 'objects' } = pageAddress();
      if (job === job_id) tabs.show(part);
    };
    window.addEventListener('hashchange', followAddress, { signal });
    followAddress();
    signal.addEventListener('abort', viewer.close);
    if (headline !== undefined) onHeadline(headline);
    fill(
      element,
      h('div', { class: 'sky' }, layers, viewer.element),
      h(
        'aside',
        { class: 'about', 'aria-label': 'About this picture' },
        h(
          'div',
          { class: 'summary-of-picture' },
          h('p', {}, sentencesOf(result, constellationName)),
          skyLinks({
            ra: ra_center,
            dec: dec_center,
            field: Math.max(...fov_deg),
            ...(subject && subject.catalog !== 'constellation' && { name: subject.name }),
          }),
        ),
        tabs.element,
      ),
    );
  }

  load().catch((error) => {
    if (signal.aborted) return;
    fill(
      element,
      h('p', { class: 'problem', role: 'alert' }, error instanceof Error ? error.message : String(error)),
    );
  });
  return { element, update() {}, close: () => closing.abort() };
}
