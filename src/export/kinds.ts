/**
 * What can be made of a job on demand:
 * `new-fits`: the image as FITS with the solution in its header · `image-rd`: where the stars found in the image lie on the sky ·
 * `rdls`: the reference stars that were matched · `preview`: the image as a JPEG, upright, at most `width` wide ·
 * `extraction`: the same with the stars found · `red-green`: with found (red) and reference stars (green) ·
 * `calibration`: what the solution says of the lens, as JSON for the parameter of that name.
 */
export const EXPORT_KINDS = [
  'new-fits',
  'image-rd',
  'rdls',
  'preview',
  'extraction',
  'red-green',
  'calibration',
] as const;

/** One of {@link EXPORT_KINDS}. */
export type ExportKind = (typeof EXPORT_KINDS)[number];
