export type { ImageCircle, SipDistortion, Wcs } from './types/wcs.js';
