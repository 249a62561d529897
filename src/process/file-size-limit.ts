const ignore = () => {};

/**
 * A file beyond this process's limit of size (`ulimit -f`) fails its write with EFBIG, as in any Node program. Two dependencies, execa and
 * proper-lockfile, bring a handler (`signal-exit`) that would end the process instead, unless another listener is there.
 */
export function failOnFileSizeLimit(): void {
  if (!process.listeners('SIGXFSZ').includes(ignore)) process.on('SIGXFSZ', ignore);
}
