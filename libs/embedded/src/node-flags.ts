/**
 * How Node runs everything of ours. `docker/Dockerfile` cannot read it, so the deployment gate holds it against this.
 * The young generation has its size from the start: growing into it would make old what is garbage a moment later.
 * Buffers count as old at once: by the default a collection of everything began anew with every 15 MB of them.
 * The heap is bounded, so that a leak ends one process and not its machine.
 */
export const nodeFlags: readonly string[] = [
  `--import=${new URL('../source-maps.mjs', import.meta.url).href}`,
  '--min-semi-space-size=12',
  '--max-semi-space-size=12',
  '--heap-growing-percent=45',
  '--max-old-space-size=320',
];
