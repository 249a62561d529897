import { expect, it } from 'vitest';
import { astapIni, astapWcs } from '../../src/export/astap.js';
import type { Wcs } from '../../src/wcs/wcs.js';

// What the drop-in for ASTAP writes of one given solution, byte for byte: the digits of a solution that is found differ from machine to
// machine, those of a given one do not. The form is that of write_ini in ASTAP's unit_command_line_general.pas (docs/other-programs.md).

const WCS: Wcs = {
  crval: [84.15, -3.0125],
  crpix: [450.5, 300.5],
  cd: [
    [-0.0083, 0.0004],
    [0.0004, 0.0083],
  ],
  width: 900,
  height: 600,
};
/** As N.I.N.A. calls it. */
const COMMAND = 'astap -f sky.fits -fov 5 -z 0 -s 500 -r 30 -ra 5.61 -spd 87';

it('an .ini is the bytes that ASTAP writes', () => {
  expect(astapIni(WCS, { command: COMMAND })).toBe(
    [
      'PLTSOLVD=T',
      'CRPIX1= 4.5050000000000000E+002',
      'CRPIX2= 3.0050000000000000E+002',
      'CRVAL1= 8.4150000000000006E+001',
      'CRVAL2=-3.0125000000000002E+000',
      'CDELT1=-8.3096329642168912E-003',
      'CDELT2= 8.3096329642168912E-003',
      'CROTA1=-2.7591076586202736E+000',
      'CROTA2=-2.7591076586202736E+000',
      'CD1_1=-8.3000000000000001E-003',
      'CD1_2= 4.0000000000000002E-004',
      'CD2_1= 4.0000000000000002E-004',
      'CD2_2= 8.3000000000000001E-003',
      `CMDLINE=${COMMAND}`,
      '',
    ].join('\n'),
  );
  expect(astapIni(undefined, { command: COMMAND, error: 'No solution' })).toBe(
    `\nPLTSOLVD=F\nCMDLINE=${COMMAND}\nERROR=No solution\n`,
  );
});

it('a .wcs is a header in blocks of 2880 bytes, the same each time', () => {
  const bytes = astapWcs(WCS, { command: COMMAND });
  expect(bytes.length % 2880).toBe(0);
  expect(bytes.equals(astapWcs(WCS, { command: COMMAND }))).toBe(true);
  const cards = bytes.toString('latin1').match(/.{80}/g) ?? [];
  const stored = (keyword: string) => cards.find((card) => card.startsWith(keyword.padEnd(8)))?.slice(10, 30);
  expect(stored('CRPIX1')?.trim()).toBe('450.5');
  expect(stored('CRVAL2')?.trim()).toBe('-3.0125');
  expect(stored('PLTSOLVD')).toBe('T'.padStart(20));
  expect(cards).toContain('END'.padEnd(80));
  expect(bytes.toString('latin1')).toContain(`COMMENT cmdline:${COMMAND}`.slice(0, 80));
});
