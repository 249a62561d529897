import { packageFile } from '../../package-files.js';

/** The file that a child process runs. */
export const entryFile = () => packageFile('dist', 'decoding', 'child', 'decoder-process.js');
