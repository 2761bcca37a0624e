/**
 * Preloaded by npm scripts that may serve for long: ends this process as SIGTERM would when npm is gone. A signal sent to npm reaches
 * the shell between them and goes no further.
 */
const parent = process.ppid;
const CHECK_MS = 500;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
}, CHECK_MS).unref();
