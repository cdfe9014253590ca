/** Beats once a second. Browsers hold a hidden page's own timers back, to once a minute at worst; not a worker's. */

/** Milliseconds. */
export const EVERY = 1000;

setInterval(() => postMessage(null), EVERY);
