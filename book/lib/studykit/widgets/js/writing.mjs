// What a reader writes into fields is kept while they write.

const PAUSE = 400; // milliseconds without a key

/**
 * Call `save` after a pause in writing into the fields of `node`, and at once when a field or the page is left: then
 * with true, for the page may be gone before a store answers. Gives whether a field holds what is not kept yet, whether
 * the reader is in it, whether either is so of any field, and what ends it.
 *
 * @param {HTMLElement} node
 * @param {(leaving: boolean) => Promise<unknown>} save
 */
export const keepWriting = (node, save) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {Set<EventTarget | null>} */
  const unkept = new Set();
  const keep = async (leaving = false) => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    await save(leaving);
    if (waiting === undefined) unkept.clear(); // else more was written meanwhile
  };
  node.addEventListener("input", ({ target }) => {
    unkept.add(target);
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  node.addEventListener("change", () => keep());
  const leave = () => keep(true);
  for (const leaving of ["visibilitychange", "pagehide"]) addEventListener(leaving, leave);
  /** @param {Element} field */
  const hasFocus = (field) => field === document.activeElement;
  return {
    /** @param {Element} field */
    isUnkept: (field) => unkept.has(field),
    /** @param {Element} field */
    isHeld: (field) => unkept.has(field) || hasFocus(field),
    busy: () => unkept.size > 0 || [...node.querySelectorAll("input, textarea")].some(hasFocus),
    stop: () => {
      keep();
      for (const leaving of ["visibilitychange", "pagehide"]) removeEventListener(leaving, leave);
    },
  };
};
