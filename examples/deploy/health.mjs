// The health check of both containers: `node health.mjs PORT` ends with 0 when the program on that port lives.
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/healthz`).catch(() => undefined);
process.exit(answer?.ok ? 0 : 1);
