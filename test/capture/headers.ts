import { type FitsHeader, parseHeader } from '../../src/fits/header.js';
import type { OpenedImage } from '../../src/image/image.js';

/** A header of cards as text, one a line, such as `FOCALLEN=  530. / mm`. */
export function headerOf(text: string): FitsHeader {
  const cards = text.split('\n').map((line) => line.trimEnd().padEnd(80).slice(0, 80));
  return parseHeader(Buffer.from([...cards, 'END'.padEnd(80)].join(''), 'latin1'));
}

/** An image that was opened, as far as its metadata go. */
export function openedImage(fields: Partial<OpenedImage> = {}): OpenedImage {
  return {
    path: 'nowhere',
    kind: fields.fitsHeader ? 'fits' : 'jpeg',
    width: 3000,
    height: 2000,
    rowOrder: 'top-down',
    exifOrientation: 1,
    notes: [],
    grey: () => Promise.reject(new Error('these tests decode nothing')),
    ...fields,
  };
}

export const openedFits = (text: string, width = 3000, height = 2000) =>
  openedImage({ fitsHeader: headerOf(text), width, height });

/** What programs write, shortened to what tells about the capture. */
export const WRITERS = {
  nina: `EXPTIME =                300.0 / [s] Exposure duration
EXPOSURE=                300.0 / [s] Exposure duration
DATE-LOC= '2023-10-14T23:11:22.123' / Time of observation (local)
DATE-OBS= '2023-10-14T21:11:22.123' / Time of observation (UTC)
XBINNING=                    1 / X axis binning factor
YBINNING=                    1 / Y axis binning factor
GAIN    =                  100 / Sensor gain
OFFSET  =                   50 / Sensor gain offset
EGAIN   =     0.24576 / [e-/ADU] Electrons per A/D unit
XPIXSZ  =                 3.76 / [um] Pixel X axis size
YPIXSZ  =                 3.76 / [um] Pixel Y axis size
INSTRUME= 'ZWO ASI2600MM Pro' / Imaging instrument name
SET-TEMP=                -10.0 / [degC] CCD temperature setpoint
CCD-TEMP=                 -9.9 / [degC] CCD temperature
BAYERPAT= 'INVALID '
TELESCOP= 'Esprit 100' / Name of telescope
FOCALLEN=                550.0 / [mm] Focal length
FOCRATIO=                  5.5 / Focal ratio
RA      =     84.0533333333333 / [deg] RA of telescope
DEC     =    -1.20194444444444 / [deg] Declination of telescope
SITEELEV=                 45.0 / [m] Observation site elevation
SITELAT =     48.2082 / [deg] Observation site latitude
SITELONG=     16.3738 / [deg] Observation site longitude
FILTER  = 'Ha      ' / Active filter name
OBJECT  = 'IC 434  ' / Name of the object of interest
OBJCTRA = '05 36 12' / [H M S] RA of imaged object
OBJCTDEC= '-01 12 07' / [D M S] Declination of imaged object
ROWORDER= 'TOP-DOWN' / FITS Image Orientation
EQUINOX =               2000.0 / Equinox of celestial coordinate system
SWCREATE= 'N.I.N.A. 2.1.2 (x64)' / Software that created this file`,

  sgp: `OBJECT  = 'M33     ' / Object name
TELESCOP= 'ASCOM Mount' / Telescope name
INSTRUME= 'QSI 683 ' / Instrument name
OBSERVER= 'Jane Doe' / Observer name
DATE-OBS= '2015-11-08T03:11:48.0120000' / UTC date of observation
DATE-LOC= '2015-11-07T20:11:48.0120000' / local
EXPOSURE=                  900 / Exposure time in seconds
CCD-TEMP=                -20.1
XPIXSZ  =                  5.4
YPIXSZ  =                  5.4
XBINNING=                    2
CCDXBIN =                    2
YBINNING=                    2
CCDYBIN =                    2
FOCALLEN=                  610
SITELAT = '40 26 46.0'
SITELONG= '-79 58 56.0'
OBJCTRA = '01 33 50.904'
OBJCTDEC= '+30 39 35.79'
RA      =              23.4621
DEC     =              30.6599
FILTER  = 'Lum     '
CREATOR = 'Sequence Generator Pro v2.4.3.2'`,

  maxim: `DATE-OBS= '17/04/03'           / Date of observation dd/mm/yy
TIME-OBS= '22:41:07'           / UT
EXPTIME =   60.000000000000000
EXPOSURE=   60.000000000000000
SET-TEMP=  -15.000000000000000
CCD-TEMP=  -15.125000000000000
XPIXSZ  =   18.000000000000000
YPIXSZ  =   18.000000000000000
XBINNING=                    2
YBINNING=                    2
FILTER  = 'Clear   '
FOCALLEN=  2000.0000000000000
APTDIA  =  250.00000000000000
OBJCTRA = '12 22 55'
OBJCTDEC= '+15 49 22'
SITELAT = '51 30 00'
SITELONG= '-00 07 30'
JD      =   2452747.4452199075
TELESCOP= '        '
INSTRUME= 'SBIG ST-10'
SWCREATE= 'MaxIm DL Version 3.0'`,

  siril: `ROWORDER= 'BOTTOM-UP'
INSTRUME= 'ZWO ASI533MC Pro'
DATE-OBS= '2022-08-20T22:01:15.512345'
EXPTIME =                 120.
STACKCNT=                   85
LIVETIME=               10200.
CCD-TEMP=                 -10.
GAIN    =                  101
OFFSET  =                   40
XBINNING=                    1
YBINNING=                    1
XPIXSZ  =                 3.76
YPIXSZ  =                 3.76
FOCALLEN=                 250.
BAYERPAT= 'RGGB    '
PROGRAM = 'Siril 1.0.3'
OBJECT  = 'NGC7000 '
RA      =               314.75
DEC     =                44.37`,

  apt: `OBJECT  = 'M42     '
TELESCOP= 'Newton 200/800'
INSTRUME= 'Canon EOS 1100D'
ISO     =                  800
EXPTIME =                180.0
FOCALLEN=                  800
FOCRATIO=                  4.0
PIXSIZE1=                  5.2
PIXSIZE2=                  5.2
XBINNING=                    1
YBINNING=                    1
OBJCTRA = '05h35m17s'
OBJCTDEC= '-05d23m28s'
DATE-OBS= '2014-01-31T20:59:12'
LAT-OBS =           42.6977
LONG-OBS=           23.3219
ALT-OBS =              550
SWCREATE= 'Astro Photography Tool - APT v.2.30'`,

  indi: `INSTRUME= 'CCD Simulator'
TELESCOP= 'Telescope Simulator'
OBSERVER= 'Unknown '
OBJECT  = 'Unknown '
EXPTIME =   1.000000E+00
CCD-TEMP=   0.000000E+00
PIXSIZE1=   5.200000E+00
PIXSIZE2=   5.200000E+00
XBINNING=                    2
YBINNING=                    2
XPIXSZ  =   1.040000E+01
YPIXSZ  =   1.040000E+01
FRAME   = 'Light   '
FOCALLEN=   9.000000E+02
APTDIA  =   1.200000E+02
SCALE   =   2.383504E+00
SITELAT =   2.951111E+01
SITELONG=   3.123456E+02
AIRMASS =   1.060000E+00
OBJCTRA = ' 5 35 17.00'
OBJCTDEC= '-5 23 28.00'
RA      =   8.382083E+01
DEC     =  -5.391111E+00
EQUINOX =                 2000
DATE-OBS= '2021-02-03T19:20:21.321'`,

  sharpcap: `EXPTIME =                  8.0
DATE-OBS= '2020-05-01T21:55:07.9876543' / System Clock:Est. Frame Start
XPIXSZ  =     2.40000009536743
YPIXSZ  =     2.40000009536743
XBINNING=                    1
YBINNING=                    1
GAIN    =                  200
BLKLEVEL=                   30
CCD-TEMP=     21.2999992370605
INSTRUME= 'ZWO ASI178MC'
BAYERPAT= 'RGGB    '
COLORTYP= 'RGGB    '
FOCALLEN=                    0
TELESCOP= '        '
SWCREATE= 'SharpCap v3.2.6234.0, 64 bit'`,

  asiair: `CREATOR = 'ZWO ASIAIR Plus'
OFFSET  =                   50
EXPOSURE=               180.00
EXPTIME =               180.00
GUIDECAM= 'ZWO ASI120MM Mini'
XPIXSZ  =                 4.63
YPIXSZ  =                 4.63
XBINNING=                    1
YBINNING=                    1
CCDXBIN =                    1
FOCALLEN=                  405
FOCUSPOS=                 9120
CCD-TEMP=                -10.0
RA      =        305.557500000
DEC     =         40.256700000
DATE-OBS= '2022-07-30T21:33:44.555666'
FILTER  = 'L-eNhance'
INSTRUME= 'ZWO ASI294MC Pro'
BAYERPAT= 'RGGB    '
GAIN    =                  120
SITELAT =              45.4642
SITELONG=               9.1900
TELESCOP= 'AM5     '
OBJECT  = 'gamma Cyg'`,

  seestar: `CREATOR = 'ZWO Seestar S50'
EXPTIME =                 10.0
STACKCNT=                  120
TOTALEXP=               1200.0
XPIXSZ  =     2.90000009536743
YPIXSZ  =     2.90000009536743
XBINNING=                    1
YBINNING=                    1
FOCALLEN=                  250
CCD-TEMP=                 31.5
RA      =             311.4170
DEC     =              30.7170
SITELAT =              37.7749
SITELONG=            -122.4194
DATE-OBS= '2023-09-12T05:10:33.712345'
FILTER  = 'LP      '
INSTRUME= 'Seestar S50'
BAYERPAT= 'GRBG    '
GAIN    =                   80
TELESCOP= 'S50_1a2b'
OBJECT  = 'NGC 6960'`,

  dwarf: `INSTRUME= 'DWARF II'
TELESCOP= 'DWARF II TELE'
OBJECT  = 'M 27    '
EXPTIME =                 15.0
GAIN    =                   80
XPIXSZ  =                 1.45
YPIXSZ  =                 1.45
XBINNING=                    1
YBINNING=                    1
FOCALLEN=                100.0
RA      =              19.9934
DEC     =              22.7212
DATE-OBS= '2023-08-13T02:03:04'
BAYERPAT= 'RGGB    '`,
} as const;
