import type { FitsCard } from '../fits/header.js';
import type { Wcs } from './wcs.js';
import { LENS_NAMES } from './zenithal.js';

const WCS_KEYWORD =
  /^(WCSAXES|WCSNAME|C(TYPE|UNIT|RVAL|RPIX|DELT|ROTA)\d|(CD|PC)\d_\d|PV\d_\d+|L(ON|AT)POLE|RADE(C)?SYS|EQUINOX|IMAGE[WH]|SKYCIRC[XYR]|[AB]P?_(ORDER|DMAX|\d_\d))$/;

/** Whether a card belongs to a plate solution; a header holds those of one. */
export function isWcsKeyword(keyword: string): boolean {
  return WCS_KEYWORD.test(keyword);
}

/** A plate solution as header cards, to be written with an image; `parseWcs` reads them back to the last digit. */
export function wcsCards(wcs: Wcs): FitsCard[] {
  const code = wcs.projection ?? 'TAN';
  const type = wcs.sip ? `${code}-SIP` : code;
  const comment = code === 'TAN' ? 'gnomonic projection' : `${LENS_NAMES[code]} projection`;
  const cards: FitsCard[] = [
    { keyword: 'WCSAXES', value: 2, comment: 'number of WCS axes' },
    { keyword: 'CTYPE1', value: `RA---${type}`, comment },
    { keyword: 'CTYPE2', value: `DEC--${type}`, comment },
    { keyword: 'CUNIT1', value: 'deg', comment: '' },
    { keyword: 'CUNIT2', value: 'deg', comment: '' },
    { keyword: 'RADESYS', value: 'ICRS', comment: 'reference frame' },
    { keyword: 'EQUINOX', value: 2000, comment: 'equinox of the coordinates' },
    { keyword: 'LONPOLE', value: 180, comment: 'native longitude of the celestial pole' },
    { keyword: 'CRVAL1', value: wcs.crval[0], comment: '[deg] RA of the reference pixel' },
    { keyword: 'CRVAL2', value: wcs.crval[1], comment: '[deg] Dec of the reference pixel' },
    { keyword: 'CRPIX1', value: wcs.crpix[0], comment: '[pixel] reference pixel' },
    { keyword: 'CRPIX2', value: wcs.crpix[1], comment: '[pixel] reference pixel' },
    { keyword: 'CD1_1', value: wcs.cd[0][0], comment: '[deg/pixel] transformation matrix' },
    { keyword: 'CD1_2', value: wcs.cd[0][1], comment: '[deg/pixel] transformation matrix' },
    { keyword: 'CD2_1', value: wcs.cd[1][0], comment: '[deg/pixel] transformation matrix' },
    { keyword: 'CD2_2', value: wcs.cd[1][1], comment: '[deg/pixel] transformation matrix' },
    { keyword: 'IMAGEW', value: wcs.width, comment: '[pixel] width of the image' },
    { keyword: 'IMAGEH', value: wcs.height, comment: '[pixel] height of the image' },
  ];
  if (wcs.circle)
    cards.push(
      { keyword: 'SKYCIRCX', value: wcs.circle.x, comment: '[pixel] middle of the circle that sees the sky' },
      { keyword: 'SKYCIRCY', value: wcs.circle.y, comment: '[pixel] middle of the circle that sees the sky' },
      { keyword: 'SKYCIRCR', value: wcs.circle.radius, comment: '[pixel] its radius; no sky outside' },
    );
  const polynomials = wcs.sip
    ? ([
        ['A', wcs.sip.a],
        ['B', wcs.sip.b],
        ['AP', wcs.sip.ap],
        ['BP', wcs.sip.bp],
      ] as const)
    : [];
  for (const [name, c] of polynomials) {
    if (!c) continue;
    cards.push({ keyword: `${name}_ORDER`, value: c.length - 1, comment: 'order of the SIP polynomial' });
    c.forEach((row, p) => {
      row.forEach((value, q) => {
        if (value !== 0) cards.push({ keyword: `${name}_${p}_${q}`, value, comment: '' });
      });
    });
  }
  return cards;
}
