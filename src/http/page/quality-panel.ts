import type { SolvedResult } from '../../client/index.js';
import { h } from './dom.js';
import { trim } from './format.js';

/** How sharp the picture is and how deep it goes; undefined where nothing was measured. */
export function qualityPanel(
  { image_quality, photometry, candidates = [] }: SolvedResult,
  mapUrl: string,
): HTMLElement | undefined {
  if (!image_quality) return undefined;
  const notes = [...(image_quality.notes ?? []), ...(photometry?.notes ?? [])];
  return h(
    'section',
    { class: 'panel' },
    image_quality.grid &&
      h('img', { src: mapUrl, alt: image_quality.summary ?? 'How sharp the picture is', class: 'quality' }),
    notes.map((note) => h('p', { class: 'muted' }, note)),
    candidates.length > 0 &&
      h('p', {}, 'Bright stars that are in no catalogue of the package, no more than places to look at:'),
    candidates.length > 0 &&
      h(
        'ul',
        {},
        candidates.map(({ x, y, ra_deg, dec_deg, magnitude }) =>
          h(
            'li',
            {},
            `${trim(magnitude, 1)} mag at ${trim(ra_deg, 4)}°, ${trim(dec_deg, 4)}° (pixel ${trim(x, 0)}, ${trim(y, 0)})`,
          ),
        ),
      ),
  );
}
