import { skyToPixel } from 'astro-jobs/browser';
import { BRIGHT_STARS } from './bright-stars.mjs';

/** Which layers are chosen; what is drawn anew keeps to it. */
const isShown = (name) => document.querySelector(`#layers [value=${name}]`).checked;

function make(name, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Draws what an answer says over its picture, in the picture's own pixels. */
export function drawOverlay(svg, answer) {
  const { width, height, stars } = answer;
  const unit = Math.hypot(width, height) / 100;
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  // In FITS the centre of the first pixel is (1, 1), in a picture (0.5, 0.5).
  const circle = (x, y, r) => make('circle', { cx: x - 0.5, cy: y - 0.5, r });
  const layer = (name, children) =>
    make('g', { class: name, style: isShown(name) ? '' : 'display: none' }, ...children);
  const found = stars.x.map((x, i) => circle(x, stars.y[i], 0.35 * unit));
  const layers = [layer('found', found)];
  if (answer.solved) {
    layers.push(
      layer(
        'matched',
        answer.matches.map(({ x, y }) => circle(x, y, 0.8 * unit)),
      ),
    );
    layers.push(layer('names', namesIn(answer, unit)));
    layers.push(layer('compass', compassOf(answer, unit)));
  } else layers.push(...['matched', 'names', 'compass'].map((name) => layer(name, [])));
  svg.replaceChildren(...layers);
}

function namesIn({ wcs, width, height }, unit) {
  return BRIGHT_STARS.flatMap(([name, ra, dec]) => {
    const place = skyToPixel(wcs, ra, dec);
    if (!place) return [];
    const [x, y] = place;
    if (x < 1 || y < 1 || x > width || y > height) return [];
    const isRight = x > 0.85 * width;
    const at = { x: x - 0.5 + (isRight ? -1.3 : 1.3) * unit, y: y - 0.5 - 0.6 * unit };
    return [make('text', { ...at, 'font-size': 1.7 * unit, 'text-anchor': isRight ? 'end' : 'start' }, name)];
  });
}

/** Arrows to north and east, as they are in the middle of the picture. */
function compassOf({ wcs, width, height, ra_center, dec_center, pixscale_arcsec }, unit) {
  const step_deg = (unit * pixscale_arcsec) / 3600;
  const centre = skyToPixel(wcs, ra_center, dec_center);
  // A degree of right ascension is shorter near the poles.
  const east = ra_center + step_deg / Math.max(0.01, Math.cos((dec_center * Math.PI) / 180));
  const north = Math.min(90, dec_center + step_deg);
  const ends = [
    ['N', skyToPixel(wcs, ra_center, north)],
    ['E', skyToPixel(wcs, east, dec_center)],
  ];
  const [cx, cy] = [7 * unit, height - 7 * unit];
  return ends.flatMap(([name, end]) => {
    if (!centre || !end || width < 1) return [];
    const [dx, dy] = [end[0] - centre[0], end[1] - centre[1]];
    const length = Math.hypot(dx, dy) || 1;
    const [ux, uy] = [(dx / length) * unit, (dy / length) * unit];
    return [
      make('path', { d: `M${cx} ${cy}L${cx + 3.6 * ux} ${cy + 3.6 * uy}` }),
      make('text', { x: cx + 4.9 * ux, y: cy + 4.9 * uy, 'font-size': 1.7 * unit }, name),
    ];
  });
}
