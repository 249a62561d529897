// The modules of `src/`, lowest first: a module may import those that stand before it, and nothing else of `src/`.
// `.dependency-cruiser.mjs` holds it, `draw-layers.mjs` draws it into docs/architecture.md.

/** @type {readonly { band: string, layers: readonly { modules: readonly string[], subject: string }[] }[]} */
export const BANDS = [
  {
    band: 'ground',
    layers: [
      { modules: ['async'], subject: 'deadlines, gates, signals' },
      {
        modules: ['settings.ts', 'defaults.ts', 'package-files.ts', 'recent-map.ts'],
        subject: 'settings, defaults, files of the package',
      },
      { modules: ['job'], subject: 'documents, parameters, errors, events' },
      { modules: ['metrics'], subject: 'counters and histograms, as Prometheus reads them' },
      { modules: ['compression'], subject: 'LZ4, Zstandard, bzip2' },
      { modules: ['process'], subject: 'child processes, private folders, this machine' },
    ],
  },
  {
    band: 'astronomy',
    layers: [
      { modules: ['fits'], subject: 'FITS headers, tables, pixels' },
      { modules: ['wcs'], subject: 'plate solutions: read, reckon, fit, display' },
      { modules: ['ephemeris'], subject: 'Sun, Moon, planets, orbits, observers' },
      { modules: ['image'], subject: 'kinds of files and their pixels' },
      { modules: ['stars'], subject: 'finding stars' },
      { modules: ['capture'], subject: 'EXIF and FITS headers: capture and hints' },
      { modules: ['catalog'], subject: 'what is in a field' },
      { modules: ['measure'], subject: 'sharpness, brightness, sky: from the pixels around stars' },
      { modules: ['moving'], subject: 'asteroids, comets and satellites in a field' },
      { modules: ['engine'], subject: 'plate solving: star list in, solution out' },
    ],
  },
  {
    band: 'storage',
    layers: [
      { modules: ['keys'], subject: 'keys of callers: scopes, expiry, KeyStore' },
      { modules: ['store'], subject: 'JobStore: folders, memory, PostgreSQL' },
    ],
  },
  {
    band: 'solving',
    layers: [
      { modules: ['solver'], subject: 'Solver: solve-field, external script, builtin' },
      { modules: ['optics'], subject: 'what solved before, by camera and optics' },
    ],
  },
  {
    band: 'products',
    layers: [
      { modules: ['annotate'], subject: 'the picture with its objects' },
      { modules: ['export'], subject: 'FITS, tables, preview' },
      { modules: ['decoding'], subject: 'images of strangers, read where they can be ended' },
    ],
  },
  {
    band: 'pipeline',
    layers: [
      { modules: ['analysis'], subject: 'image to result document' },
      { modules: ['calibration'], subject: 'several images to one lens' },
    ],
  },
  {
    band: 'running jobs',
    layers: [
      { modules: ['worker'], subject: 'claim, lease, run, settle one job' },
      { modules: ['queue'], subject: 'JobQueue: who runs which job' },
      { modules: ['jobs'], subject: 'the verbs: submit, watch, settle, inspect' },
      { modules: ['batch'], subject: 'a folder: every picture once, table, report' },
    ],
  },
  {
    band: 'entry points',
    layers: [
      {
        modules: ['wiring.ts', 'option-schemas.ts'],
        subject: 'the composition root, and what it may be given',
      },
      {
        modules: [
          'analyze.ts',
          'calibrate.ts',
          'astro-jobs-options.ts',
          'astro-jobs.ts',
          'astro-job-worker.ts',
        ],
        subject: 'one image · a lens · jobs · a worker',
      },
      {
        modules: ['index.ts', 'testing.ts', 'runner-process.ts'],
        subject: 'what is exported, and run detached',
      },
    ],
  },
  {
    band: 'interfaces',
    layers: [
      { modules: ['browser'], subject: 'plate solving in a page, without a server' },
      { modules: ['client'], subject: 'typed client of the REST API' },
      { modules: ['http'], subject: 'REST, nova API, page' },
      { modules: ['json-lines'], subject: 'images by lines of JSON' },
      { modules: ['mcp'], subject: 'tools for MCP hosts' },
      { modules: ['cli'], subject: 'the command line' },
      { modules: ['drop-in'], subject: 'commands that answer as solve-field and ASTAP' },
    ],
  },
];

/** Names of modules, lowest layer first. */
export const LAYERS = BANDS.flatMap(({ layers }) => layers.map(({ modules }) => modules));
