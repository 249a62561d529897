/** What a person can do about a failure, by its code. */
const ADVICE: Readonly<Record<string, readonly string[]>> = {
  no_solution: [
    'Give the width of the field if you know it, roughly: the search is then much smaller.',
    'Check that the sky is in the picture and sharp: clouds, trees and trailed stars hide it.',
    'A very narrow field needs fine index files; `astro-jobs doctor` lists the fields that this server can find.',
  ],
  too_few_stars: [
    'A longer exposure, or a stack of several, shows more stars.',
    'Send the original file rather than a small or strongly compressed copy.',
    'Lower the downsample factor to 1: faint stars vanish when a picture is shrunk.',
  ],
  timeout: [
    'Give the width of the field or a place to search around, so that there is less to search.',
    'Allow more seconds.',
  ],
  cancelled: ['It was stopped before it ended. Run it again whenever you like.'],
  unsupported_image: ['Save it as JPEG, PNG, TIFF or FITS, and send that.'],
  corrupt_image: ['The file is damaged or cut off. Copy it again from the camera or program that made it.'],
  image_too_large: ['Shrink the picture; half the size is plenty for finding its place.'],
  no_index_for_scale: [
    'Install index files for this field of view on the server; `astro-jobs doctor` says which are missing.',
  ],
  solver_unavailable: ['Install astrometry.net on the server; `astro-jobs doctor` says how.'],
  solver_crashed: ['Run it again. If it fails in the same way, the log below says where.'],
  worker_lost: [
    'The server stopped several times while it worked on this picture. Run it again, or send a smaller copy.',
  ],
  storage_full: ['The disk of the server is full. Remove old jobs, then run it again.'],
};

export const adviceFor = (code: string | undefined): readonly string[] =>
  ADVICE[code ?? ''] ?? ['Run it again. If it fails in the same way, the log below says more.'];
