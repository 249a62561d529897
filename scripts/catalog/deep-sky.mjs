import { Groups, readTable, separationArcmin } from './tables.mjs';

/** Catalogues in the order in which they name an object, place it and measure it. */
export const CATALOGS = [
  'M',
  'NGC',
  'IC',
  'C',
  'Sh2',
  'PN',
  'PK',
  'SNR',
  'B',
  'LDN',
  'RCW',
  'LBN',
  'vdB',
  'vdBH',
  'Ced',
  'Cr',
  'Mel',
  'ACO',
  'UGC',
  'ESO',
  'VV',
  'Arp',
  'PGC',
];

const TYPES = {
  s: 'galaxy',
  s0: 'galaxy',
  sd: 'galaxy',
  i: 'galaxy',
  e: 'galaxy',
  g: 'galaxy',
  gg: 'galaxy cluster',
  oc: 'open cluster',
  gc: 'globular cluster',
  dn: 'dark nebula',
  bn: 'nebula',
  sfr: 'emission nebula',
  en: 'emission nebula',
  rn: 'reflection nebula',
  pn: 'planetary nebula',
  snr: 'supernova remnant',
};

/** What a catalogue holds by definition, whatever the source says. */
const TYPE_OF_CATALOG = {
  B: 'dark nebula',
  LDN: 'dark nebula',
  vdB: 'reflection nebula',
  vdBH: 'reflection nebula',
  SNR: 'supernova remnant',
  ACO: 'galaxy cluster',
  PK: 'planetary nebula',
  PN: 'planetary nebula',
};

/** The "magnitude" of these is an opacity class or that of the illuminating star. */
const NO_MAGNITUDE = new Set(['B', 'LDN', 'vdB', 'vdBH', 'Ced', 'Sh2', 'LBN', 'RCW']);

export const NEBULAR = new Set(['nebula', 'emission nebula', 'reflection nebula', 'supernova remnant']);

/** `Sh2 281`, `VdB 23`, `PN G 000.0-01.3` → the way they are written in papers. */
export function designation(text) {
  return text
    .replace(/^Sh2 /, 'Sh2-')
    .replace(/^VdB/, 'vdB')
    .replace(/^(PN|SNR) ?G ?/, '$1 G')
    .replace(/^ACO S/, 'ACO S');
}

export function catalogOf(id) {
  return /^Sh2-/.test(id) ? 'Sh2' : id.slice(0, id.indexOf(' '));
}

export function rank(id) {
  const at = CATALOGS.indexOf(catalogOf(id));
  return at < 0 ? CATALOGS.length : at;
}

/** The place that a name such as `PN G063.1+13.9` tells (to a tenth of a degree), J2000; IAU 1958 pole in its Hipparcos form. */
function galacticName(id) {
  const match = /^(?:PN|SNR) G(\d+\.\d+)([+-]\d+\.\d+)$/.exec(id);
  if (!match) return undefined;
  const rad = Math.PI / 180;
  const [l, b, pole] = [Number(match[1]) * rad, Number(match[2]) * rad, 27.12825 * rad];
  const toNode = 122.93192 * rad - l;
  const dec = Math.asin(Math.sin(pole) * Math.sin(b) + Math.cos(pole) * Math.cos(b) * Math.cos(toNode));
  const y = Math.cos(b) * Math.sin(toNode);
  const x = Math.cos(pole) * Math.sin(b) - Math.sin(pole) * Math.cos(b) * Math.cos(toNode);
  return { ra: (192.85948 + Math.atan2(y, x) / rad + 360) % 360, dec: dec / rad };
}

/** One row of the source, cleaned, or nothing when it is noise. */
export function rowOf(feature) {
  const id = designation(feature.id);
  const catalog = catalogOf(id);
  const { type, mag, dim } = feature.properties;
  const [lon, lat] = feature.geometry.coordinates;
  const magnitude = Number(mag);
  const named = galacticName(id);
  const sizes = String(dim)
    .split('x')
    .map(Number)
    .filter((size) => size > 0);
  const tolerance = Math.max(30, ...sizes.map((size) => size / 4));
  const misplaced =
    Math.abs(lat) > 90 || (named && separationArcmin(named, { ra: lon, dec: lat }) > tolerance);
  return {
    id,
    ra: (lon + 360) % 360,
    dec: lat,
    type: misplaced ? undefined : (TYPE_OF_CATALOG[catalog] ?? TYPES[type]),
    mag:
      mag === '' || !(magnitude < 30) || magnitude === 0 || NO_MAGNITUDE.has(catalog) ? undefined : magnitude,
    size: sizes.length > 0 ? Math.max(...sizes) : undefined,
    minor: sizes.length > 1 ? Math.min(...sizes) : undefined,
  };
}

/**
 * Corrections: `designation, RA, Dec, type, magnitude, size`; an empty cell keeps what the source says, a row that the source
 * lacks is added, and a RA of `drop` removes it.
 */
export function correct(rows) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [id, ra, dec, type, mag, size] of [
    ...readTable('openngc.tsv'),
    ...readTable('corrections.tsv'),
  ]) {
    if (ra === 'drop') {
      byId.delete(id);
      continue;
    }
    const row = byId.get(id) ?? { id };
    if (ra) Object.assign(row, { ra: Number(ra), dec: Number(dec) });
    if (type) row.type = type;
    if (mag) row.mag = mag === '-' ? undefined : Number(mag);
    if (size) Object.assign(row, { size: size === '-' ? undefined : Number(size), minor: undefined });
    if (row.type === undefined || row.ra === undefined)
      throw new Error(`corrections.tsv: ${id} needs a position and a type`);
    byId.set(id, row);
  }
  return [...byId.values()];
}

/** Limits of OpenNGC's size over the source's: it has some galaxies at half their size, and of some nebulae the core or the whole complex. */
const AGREES = { galaxy: [0.8, Number.POSITIVE_INFINITY], other: [0.8, 1.25] };

/**
 * Axes and position angles: OpenNGC's where its size is plausible beside the one that is there, otherwise both sizes of the source, whose
 * angle only a galaxy has for certain; a size that `corrections.tsv` gives stands alone. Then `sizes.tsv`, whatever else is said.
 */
export function shape(rows) {
  const corrected = new Set(
    readTable('corrections.tsv')
      .filter((cells) => cells[5])
      .map(([id]) => id),
  );
  const shapes = new Map(readTable('openngc-shapes.tsv').map(([id, ...cells]) => [id, cells.map(Number)]));
  const sizes = new Map(readTable('sizes.tsv').map(([id, ...cells]) => [id, cells]));
  return rows.map((row) => {
    if (sizes.has(row.id)) {
      const [size, minor, pa] = sizes
        .get(row.id)
        .map((cell) => (/^\d/.test(cell) ? Number(cell) : undefined));
      return { ...row, size, minor, pa };
    }
    const found = shapes.get(row.id);
    if (!found || corrected.has(row.id)) return row;
    const [size, minor, pa] = found;
    const ratio = size / (row.size ?? size);
    const [least, most] = AGREES[row.type] ?? AGREES.other;
    if (ratio >= least && ratio <= most) return { ...row, size, minor, pa };
    return row.type === 'galaxy' && row.minor !== undefined ? { ...row, pa } : row;
  });
}

/** Two rows from different catalogues that describe one thing, by place, kind and extent. */
function sameThing(a, b) {
  const sep = separationArcmin(a, b);
  const kind = (type) => a.type === type && b.type === type;
  if (kind('galaxy')) return sep < 0.2;
  if (kind('planetary nebula')) return sep < 0.5;
  if (kind('globular cluster')) return sep < 1;
  if (catalogOf(a.id) === catalogOf(b.id) || !a.size || !b.size) return false;
  const [small, large] = [Math.min(a.size, b.size), Math.max(a.size, b.size)];
  if (kind('supernova remnant')) return sep < 0.2 * small && large < 2 * small;
  if (kind('open cluster')) return sep < 0.3 * small && large < 2 * small;
  if (kind('dark nebula')) return sep < 0.3 * small && large < 2.5 * small;
  return NEBULAR.has(a.type) && NEBULAR.has(b.type) && sep < 0.25 * small && large < 1.7 * small;
}

function joinByPlace(rows, groups) {
  const cells = new Map();
  const cellOf = (ra, dec) =>
    `${Math.floor(dec)}:${Math.floor((ra * Math.cos((Math.floor(dec) * Math.PI) / 180)) / 1)}`;
  for (const row of rows) {
    const key = cellOf(row.ra, row.dec);
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(row);
  }
  for (const row of rows) {
    const reach = Math.max(0.02, Math.min(0.5, (row.size ?? 0) / 120));
    const near = new Set();
    for (const ddec of [-reach, 0, reach])
      for (const dra of [-reach, 0, reach])
        near.add(
          cellOf(
            (row.ra + dra / Math.max(0.02, Math.cos((row.dec * Math.PI) / 180)) + 360) % 360,
            row.dec + ddec,
          ),
        );
    for (const key of near)
      for (const other of cells.get(key) ?? [])
        if (other !== row && sameThing(row, other)) groups.join(row.id, other.id);
  }
}

/** @returns objects with every designation, best first; position, type, magnitude and size by the best catalogue that has it. */
export function mergeDeepSky(rows, pairs, wellKnown) {
  const better = (a, b) => rank(a) - rank(b) || wellKnown.has(b) - wellKnown.has(a) || collate(a, b);
  const groups = new Groups();
  const extra = new Map();
  const alias = (ids) => {
    for (const id of ids) {
      extra.set(id, true);
      groups.join(ids[0], id);
    }
  };
  joinByPlace(rows, groups);
  for (const ids of [...pairs, ...readTable('duplicates.tsv'), ...readTable('aliases.tsv')]) alias(ids);
  const members = new Map();
  const add = (id, row) => {
    const root = groups.find(id);
    if (!members.has(root)) members.set(root, { ids: new Set(), rows: [] });
    members.get(root).ids.add(id);
    if (row) members.get(root).rows.push(row);
  };
  for (const row of rows) add(row.id, row);
  for (const id of extra.keys()) add(id);
  return [...members.values()]
    .filter(({ rows: found }) => found.length > 0)
    .map(({ ids, rows: found }) => {
      found.sort((a, b) => better(a.id, b.id));
      const first = (key) => found.find((row) => row[key] !== undefined)?.[key];
      const precise = found.find((row) => row.type !== 'nebula');
      const sized = found.find((row) => row.size !== undefined);
      return {
        ids: [...ids].sort(better),
        ra: found[0].ra,
        dec: found[0].dec,
        type: NEBULAR.has(found[0].type) && precise ? precise.type : found[0].type,
        mag: first('mag'),
        size: sized?.size,
        minor: sized?.minor,
        pa: sized?.pa,
      };
    });
}

/** Locale-free natural order, so that the build gives the same bytes everywhere. */
export function collate(a, b) {
  const parts = (text) => text.match(/\d+|\D+/g) ?? [];
  const [x, y] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue;
    const numeric = Number(x[i]) - Number(y[i]);
    return Number.isNaN(numeric) || numeric === 0 ? (x[i] < y[i] ? -1 : 1) : numeric;
  }
  return x.length - y.length;
}
