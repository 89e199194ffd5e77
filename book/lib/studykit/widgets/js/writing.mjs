// What a reader writes into fields is kept while they write.

const PAUSE = 400; // milliseconds without a key

/**
 * Call `save` after a pause in writing into the fields of `node`, and at once when a field or the page is left. Gives
 * whether something waits to be kept, and what ends it.
 *
 * @param {HTMLElement} node
 * @param {() => unknown} save
 */
export const keepWriting = (node, save) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const keep = () => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    save();
  };
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  };
  node.addEventListener("input", wait);
  node.addEventListener("change", keep);
  for (const leaving of ["visibilitychange", "pagehide"]) addEventListener(leaving, keep);
  return {
    pending: () => waiting !== undefined,
    stop: () => {
      keep();
      for (const leaving of ["visibilitychange", "pagehide"]) removeEventListener(leaving, keep);
    },
  };
};

/** Whether the reader is in one of the fields of `node`. @param {HTMLElement} node */
export const isWriting = (node) => {
  const held = document.activeElement;
  return held !== null && node.contains(held) && held.matches("input:not([type=checkbox]), textarea");
};
