// The setting of a widget in the page's address, so that it can be sent to somebody: `?pareto.center=South#pareto`.

import { h } from "./dom.mjs";

const WRITE_DELAY = 300; // browsers refuse an address that changes with every step of a slider

/**
 * The values that the address holds for the widget `name`, by control.
 *
 * @param {string} name
 * @returns {Record<string, string>}
 */
export const readUrlState = (name) => Object.fromEntries([...new URLSearchParams(location.search)]
  .filter(([key]) => key.startsWith(`${name}.`)).map(([key, value]) => [key.slice(name.length + 1), value]));

/** @type {number | undefined} */
let timer;
/** @type {Map<string, Record<string, string> | null>} */
const pending = new Map();

/**
 * Put values (control -> text) of a widget into the address, or take them out of it (`null`); a link leads to its
 * section.
 *
 * @param {{ name: string, section?: string }} place
 * @param {Record<string, string> | null} values
 */
export const writeUrlState = ({ name, section }, values) => {
  pending.set(name, values);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const query = new URLSearchParams(location.search);
    for (const [widget, wanted] of pending) {
      [...query.keys()].filter((key) => key.startsWith(`${widget}.`)).forEach((key) => query.delete(key));
      for (const [control, text] of Object.entries(wanted ?? {})) query.set(`${widget}.${control}`, text);
    }
    pending.clear();
    const text = query.toString();
    const hash = values && section ? `#${section}` : location.hash;
    try {
      history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${hash}`);
    } catch {} // the setting still holds on the page
  }, WRITE_DELAY);
};

/**
 * A button that copies the address of the present setting; nothing where the browser has no clipboard for pages.
 *
 * @param {HTMLElement} statusLine that says how it went
 */
export const copyLinkButton = (statusLine) => {
  if (!navigator.clipboard) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      statusLine.textContent = "The link is copied.";
    } catch {
      statusLine.textContent = "The link was not copied: take it from the address bar.";
    }
  };
  const onclick = () => setTimeout(copy, WRITE_DELAY + 50);
  return h("button", { type: "button", class: "sk-plain", hidden: true, onclick }, "Copy a link to this setting");
};
