import type { ObjectKind } from '../catalog/kinds.js';

/** The rim around text and lines; `em` is its width around text, both sides together, in parts of the type size. */
export interface Halo {
  color: string;
  opacity: number;
  em: number;
}

/** The colours of a drawing, of files and page alike. */
export interface Palette {
  kinds: Readonly<Record<ObjectKind, string>>;
  grid: string;
  constellations: string;
  /** Outlines of pictures on a chart. */
  frame: string;
  ink: string;
  quietInk: string;
  /** The ground of charts and of the band below a picture. */
  strip: string;
  halo: Halo;
}

/** What is drawn upon: photographs and the night sky, or white paper. */
export type Ground = 'dark' | 'light';

/** Names of the palettes: the colours of the drawing. */
export const PALETTE_NAMES = ['standard', 'color-blind'] as const;
/** The colours of the drawing: a name of `PALETTE_NAMES`. */
export type PaletteName = (typeof PALETTE_NAMES)[number];

const DARK: Palette = {
  // Pale tints: told apart at a glance, and none of them louder than the photograph.
  kinds: {
    star: '#f6e7c1',
    galaxy: '#a8d0ff',
    cluster: '#ffd98a',
    nebula: '#ffb3a1',
    'dark-nebula': '#c6b9e8',
    'solar-system': '#ffffff',
    asteroid: '#8ff0a4',
    comet: '#7fe3e0',
    satellite: '#ff9ec7',
    other: '#b8e6c8',
  },
  grid: '#8fb4d0',
  constellations: '#7f9cc9',
  frame: '#ffd98a',
  ink: '#eef2f7',
  quietInk: '#9aa7b8',
  strip: '#05080c',
  halo: { color: '#05080c', opacity: 0.72, em: 0.26 },
};

const LIGHT: Palette = {
  // Every one of them is read as text on white: a contrast of 4.5 and more.
  kinds: {
    star: '#2b2b2b',
    galaxy: '#1c5fa8',
    cluster: '#7d5c00',
    nebula: '#b0261c',
    'dark-nebula': '#5f4b96',
    'solar-system': '#000000',
    asteroid: '#1a7431',
    comet: '#0d6f73',
    satellite: '#a3225f',
    other: '#3d6b4f',
  },
  grid: '#557389',
  constellations: '#4a6ca3',
  frame: '#334155',
  ink: '#10151c',
  quietInk: '#4a5563',
  strip: '#ffffff',
  halo: { color: '#ffffff', opacity: 0.85, em: 0.26 },
};

const PALETTES: Readonly<Record<PaletteName, Readonly<Record<Ground, Palette>>>> = {
  standard: { dark: DARK, light: LIGHT },
  // The colours of Okabe and Ito (2008), which differ in blue and in lightness, not in red and green alone; darkened for paper.
  'color-blind': {
    dark: {
      ...DARK,
      kinds: {
        star: '#ffffff',
        galaxy: '#56b4e9',
        cluster: '#f0e442',
        nebula: '#e69f00',
        'dark-nebula': '#cc9ec4',
        'solar-system': '#ffffff',
        asteroid: '#f0e442',
        comet: '#56b4e9',
        satellite: '#e69f00',
        other: '#b5b5b5',
      },
    },
    light: {
      ...LIGHT,
      kinds: {
        star: '#000000',
        galaxy: '#0067a5',
        cluster: '#826800',
        nebula: '#7a2e00',
        'dark-nebula': '#8a4f7d',
        'solar-system': '#000000',
        asteroid: '#826800',
        comet: '#0067a5',
        satellite: '#7a2e00',
        other: '#5c5c5c',
      },
    },
  },
};

export const paletteOf = (name: PaletteName = 'standard', ground: Ground = 'dark'): Palette =>
  PALETTES[name][ground];
