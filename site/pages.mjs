// The pages of the site, in the order of its sidebar: groups of files of docs/, by name and without `.md`.
export const GROUPS = [
  { text: 'Start', pages: ['tutorial', 'which-solver'] },
  {
    text: 'Guides',
    pages: [
      'guides/express',
      'guides/fastify',
      'guides/next',
      'guides/nest',
      'guides/folder-watcher',
      'guides/testing',
      'bundlers',
      'browser',
      'calibration',
      'stores',
    ],
  },
  { text: 'Other programs', pages: ['nova', 'other-programs', 'mcp', 'moving'] },
  { text: 'Concepts', pages: ['concepts', 'engine', 'engine-index-files', 'architecture'] },
  {
    text: 'Reference',
    pages: ['command-line', 'result', 'quality', 'moving-objects', 'inputs', 'drawing', 'http', 'errors'],
  },
  {
    text: 'Operations',
    pages: ['operations', 'scaling', 'reliability', 'performance', 'accuracy', 'dependencies'],
  },
];
