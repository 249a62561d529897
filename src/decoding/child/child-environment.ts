/** What a process that reads images needs of the environment; secrets of the host are none of it. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_\w+|TZ|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_\w+|VIPS_\w+)$/i;

export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  // Many arenas of malloc keep memory that is not used any more.
  return { MALLOC_ARENA_MAX: '2', ...Object.fromEntries(passed) };
}
