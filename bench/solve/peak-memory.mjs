// Prints the most memory, in megabytes, that this process held while it solved the picture of its first argument.
import { analyze } from '../../dist/index.js';

const params = { scale_low: 4, scale_high: 6.25, solver: 'solve-field' };
const result = await analyze(process.argv[2], params, { signal: AbortSignal.timeout(120_000) });
if (!result.ok) throw new Error(result.error);
console.log(process.resourceUsage().maxRSS / 1024);
