import type { TextStyle } from '../annotate/lettering.js';
import { outlines } from '../annotate/outlines.js';
import { n } from '../annotate/svg.js';
import type { Astrometry } from '../job/astrometry.js';
import type { ImageQuality, Photometry, QualityCell } from '../job/measured.js';
import type { SolvedResult } from '../job/result.js';
import { RAD } from '../wcs/sphere.js';

const [INK, QUIET, PAPER] = ['#1c2733', '#5b6a7a', '#ffffff'] as const;
/** From the sharpest stars of a picture to the widest: light to dark, in every kind of colour vision. */
const [SHARP, WIDE] = [
  [238, 244, 250],
  [96, 147, 198],
] as const;
const WIDTH = 720;
const MARGIN = 28;
const HEAD = 98;
/** Of a sentence, so many characters fit into a line. */
const LINE = 80;
const ROW = 22;
const COLUMN = 190;
/** A difference of this share of the middle width has the whole range of colours; a smaller one a part of it. */
const FULL_RANGE = 0.25;
/** An ellipse takes so much of the shorter side of its part; its 1 − b/a is drawn so many times as large, that it is seen. */
const ELLIPSE = 0.3;
const EXAGGERATED = 2;
const THINNEST = 0.2;

const plain = outlines();
const words = (content: string, x: number, y: number, style: Partial<TextStyle> = {}) =>
  plain.write(content, x, y, { size: 13, color: QUIET, ...style });

type Vector = readonly [x: number, y: number];

/** What is right and up to the viewer, in columns and rows as they are stored. */
interface View {
  right: Vector;
  up: Vector;
}

/**
 * How sharp a picture is in its nine parts, as SVG: what its document says and nothing else, upright as the picture is looked at.
 * @returns undefined where nothing was measured
 */
export function qualityMap({
  image_quality: quality,
  photometry,
  astrometry,
  filename,
}: SolvedResult): string | undefined {
  const { grid, fwhm_px } = quality ?? {};
  const [first] = grid ?? [];
  if (!quality || !grid || !first || fwhm_px === undefined) return undefined;
  // The middle of the first part is a sixth of the image from its rim.
  const [columns, rows] = [6 * (first.x - 0.5), 6 * (first.y - 0.5)];
  const view = viewOf(astrometry);
  const isTurned = view.right[0] === 0;
  const [wide, high] = isTurned ? [rows, columns] : [columns, rows];
  const scale = Math.min((WIDTH - 2 * MARGIN) / wide, (WIDTH - 2 * MARGIN) / high);
  const side = { width: (wide * scale) / 3, height: (high * scale) / 3 };
  const parts = grid.map((cell) => {
    const [dx, dy] = [cell.x - (columns + 1) / 2, cell.y - (rows + 1) / 2];
    const x = WIDTH / 2 + scale * (dx * view.right[0] + dy * view.right[1]);
    const y = HEAD + 1.5 * side.height - scale * (dx * view.up[0] + dy * view.up[1]);
    return partOf(cell, fwhm_px, [x, y], side, view);
  });
  const bottom = HEAD + 3 * side.height;
  const facts = factsOf(quality, photometry);
  const height = bottom + 56 + ROW * facts.length;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${n(height)}" viewBox="0 0 ${WIDTH} ${n(height)}">
<title>How sharp the picture is in its nine parts</title>
<rect width="100%" height="100%" fill="${PAPER}"/>
${words(filename, MARGIN, 36, { size: 18, color: INK, weight: 'bold' })}
${lines(quality.summary ?? 'Too few stars tell how even the picture is')
  .map((line, i) => words(line, MARGIN, 60 + 20 * i, { size: 14 }))
  .join('')}
${parts.join('\n')}
${words(`Full width at half maximum in pixels, half-flux radius, and stars used; shapes drawn with ${EXAGGERATED} × their ellipticity`, MARGIN, bottom + 20, { size: 11 })}
${facts.map(([name, value], i) => words(name, MARGIN, bottom + 50 + ROW * i) + words(value, MARGIN + COLUMN, bottom + 50 + ROW * i, { color: INK })).join('\n')}
</svg>
`;
}

/** A sentence in lines that fit. */
function lines(sentence: string): string[] {
  const end = sentence.length <= LINE ? -1 : sentence.lastIndexOf(' ', LINE);
  return end < 0 ? [sentence] : [sentence.slice(0, end), ...lines(sentence.slice(end + 1))];
}

/** How stored pixels lie to the viewer, in quarter turns, from the directions on the sky. */
function viewOf({
  orientation_deg,
  display_up_deg = orientation_deg,
  parity = -1,
  mirrored = false,
}: Astrometry): View {
  // East is counter-clockwise of north where x goes right, y up, and det CD is negative.
  const turn = Math.round(((display_up_deg - orientation_deg) * -parity) / 90) * 90 * RAD;
  const up = [-Math.round(Math.sin(turn)), Math.round(Math.cos(turn))] as const;
  const isFlipped = (parity === -1) === mirrored;
  return { up, right: isFlipped ? [-up[1], up[0]] : [up[1], -up[0]] };
}

function partOf(
  cell: QualityCell,
  usual: number,
  [x, y]: Vector,
  side: { width: number; height: number },
  view: View,
): string {
  const { fwhm_px, hfr_px, ellipticity = 0, angle_deg = 0, stars } = cell;
  const box = `<rect x="${n(x - side.width / 2)}" y="${n(y - side.height / 2)}" width="${n(side.width)}" height="${n(side.height)}" stroke="${PAPER}" stroke-width="3"`;
  const counted = `${stars} ${stars === 1 ? 'star' : 'stars'}`;
  if (fwhm_px === undefined)
    return `${box} fill="#f3f4f6"/>${words(counted, x, y, { anchor: 'middle', size: 12 })}`;
  const excess = (fwhm_px / usual - 1) / FULL_RANGE;
  const share = Math.min(1, Math.max(0, 0.5 + excess));
  const colour = SHARP.map((from, i) => Math.round(from + share * ((WIDE[i] ?? from) - from))).join(',');
  const size = ((ELLIPSE * Math.min(side.width, side.height)) / 2) * Math.min(1.3, fwhm_px / usual);
  const ratio = Math.max(THINNEST, 1 - EXAGGERATED * ellipticity);
  const [along, above] = [Math.cos(angle_deg * RAD), Math.sin(angle_deg * RAD)];
  const seenX = along * view.right[0] + above * view.right[1];
  const seenY = along * view.up[0] + above * view.up[1];
  const turn = (-Math.atan2(seenY, seenX) / RAD + 360) % 180;
  const middle = y - 0.17 * side.height;
  const shape = `<ellipse cx="${n(x)}" cy="${n(middle)}" rx="${n(size / Math.sqrt(ratio))}" ry="${n(size * Math.sqrt(ratio))}" transform="rotate(${n(turn)} ${n(x)} ${n(middle)})" fill="none" stroke="${INK}" stroke-width="1.6"/>`;
  const below = y + 0.25 * side.height;
  const detail = [hfr_px === undefined ? '' : `HFR ${hfr_px.toFixed(2)}`, counted]
    .filter(Boolean)
    .join(' · ');
  return [
    `${box} fill="rgb(${colour})"/>`,
    shape,
    words(fwhm_px.toFixed(2), x, below, { anchor: 'middle', size: 20, color: INK, weight: 'bold' }),
    words(detail, x, below + 18, { anchor: 'middle', size: 12, color: INK }),
  ].join('');
}

function factsOf(quality: ImageQuality, photometry: Photometry | undefined): [name: string, value: string][] {
  const {
    fwhm_px = 0,
    fwhm_arcsec = 0,
    hfr_px = 0,
    hfr_arcsec = 0,
    ellipticity = 0,
    background,
    trailing,
  } = quality;
  const sky = photometry?.sky;
  const rows: [string, string | undefined][] = [
    ['Full width at half maximum', `${fwhm_px.toFixed(2)} px = ${fwhm_arcsec.toFixed(2)}″`],
    ['Half-flux radius', `${hfr_px.toFixed(2)} px = ${hfr_arcsec.toFixed(2)}″`],
    [
      'Ellipticity',
      `${ellipticity.toFixed(2)}${trailing ? `, drawn out by ${trailing.length_px.toFixed(1)} px` : ''}`,
    ],
    ['Background', background && backgroundText(background)],
    [
      'Zero point',
      photometry &&
        `${photometry.zero_point.toFixed(2)} ± ${photometry.error.toFixed(3)} mag (VT, ${photometry.stars} stars)`,
    ],
    ['Limiting magnitude', photometry?.limiting_magnitude?.toFixed(1)],
    ['Sky', sky && `${sky.magnitude_arcsec2.toFixed(2)} mag/arcsec²${sky.is_limit ? ' or fainter' : ''}`],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function backgroundText({ level, noise, gradient_percent }: NonNullable<ImageQuality['background']>): string {
  return [
    level.toPrecision(4),
    noise !== undefined && `noise ${noise.toPrecision(3)}`,
    gradient_percent !== undefined && `gradient ${gradient_percent.toFixed(1)} %`,
  ]
    .filter(Boolean)
    .join(', ');
}
