// What a reader writes into fields is kept while they write.

const PAUSE = 400; // milliseconds without a key

/**
 * Call `save` after a pause in writing into the fields of `node`, and at once when a field or the page is left: then
 * with true, for the page may be gone before a store answers. Gives whether something waits to be kept, and what ends
 * it.
 *
 * @param {HTMLElement} node
 * @param {(leaving: boolean) => unknown} save
 */
export const keepWriting = (node, save) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @param {boolean} [leaving] */
  const keep = (leaving = false) => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    save(leaving);
  };
  const leave = () => keep(true);
  const wait = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(), PAUSE);
  };
  node.addEventListener("input", wait);
  node.addEventListener("change", () => keep());
  for (const leaving of ["visibilitychange", "pagehide"]) addEventListener(leaving, leave);
  return {
    pending: () => waiting !== undefined,
    stop: () => {
      keep();
      for (const leaving of ["visibilitychange", "pagehide"]) removeEventListener(leaving, leave);
    },
  };
};

/** Whether the reader is in one of the fields of `node`. @param {HTMLElement} node */
export const isWriting = (node) => {
  const held = document.activeElement;
  return held !== null && node.contains(held) && held.matches("input:not([type=checkbox]), textarea");
};
