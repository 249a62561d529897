import { existsSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { GROUPS } from '../pages.mjs';

const titleOf = (name) =>
  /^# (.+)$/m.exec(readFileSync(new URL(`../.pages/${name}.md`, import.meta.url), 'utf8'))?.[1] ?? name;

const { name, exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const ENTRIES = Object.keys(exports)
  .map((path) => `${name}${path.slice(1)}`)
  .filter((entry) => existsSync(new URL(`../.pages/api/${entry}/index.md`, import.meta.url)))
  .map((entry) => ({ text: entry, link: `/api/${entry}/` }));

export default defineConfig({
  title: 'Astro Jobs',
  description: 'A photograph of the sky in, structured astrometry out.',
  lang: 'en',
  srcDir: '.pages',
  outDir: 'dist',
  lastUpdated: false,
  // A site of files: it is served from any folder by anything.
  cleanUrls: false,
  themeConfig: {
    nav: [
      { text: 'Tutorial', link: '/tutorial' },
      { text: 'Result', link: '/result' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: {
      '/api/': [{ text: 'All entries', link: '/api/' }, ...ENTRIES, { text: 'Guides', link: '/tutorial' }],
      '/': GROUPS.map(({ text, pages }) => ({
        text,
        items: pages.map((name) => ({ text: titleOf(name), link: `/${name}` })),
      })),
    },
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
