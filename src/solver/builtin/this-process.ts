import { defaultCacheDirs } from '../../defaults.js';
import { EnginePool } from './engine-pool.js';
import { SharedSky } from './shared-sky.js';

/** The stars and quads of this process, and the threads that search them: they serve every image, and go with the process. */
export const sky = new SharedSky(defaultCacheDirs());
export const pool = new EnginePool(sky);
