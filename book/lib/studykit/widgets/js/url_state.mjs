// The setting of a widget in the page's address, so that it can be sent to somebody: `?pareto.center=South#pareto`.

import { h } from "./dom.mjs";

const LATER = 300; // browsers refuse an address that changes with every step of a slider

/**
 * The values that the address holds for the widget `name`, by control.
 *
 * @param {string} name
 * @returns {Record<string, string>}
 */
export const readSetting = (name) => Object.fromEntries([...new URLSearchParams(location.search)]
  .filter(([key]) => key.startsWith(`${name}.`)).map(([key, value]) => [key.slice(name.length + 1), value]));

/** @type {number | undefined} */
let timer;
/** @type {Map<string, Record<string, string> | null>} */
const waiting = new Map();

/**
 * Put values (control -> text) of a widget into the address, or take them out of it (`null`); a link leads to its
 * section.
 *
 * @param {{ name: string, section?: string }} place
 * @param {Record<string, string> | null} values
 */
export const writeSetting = ({ name, section }, values) => {
  waiting.set(name, values);
  clearTimeout(timer);
  timer = setTimeout(() => {
    const query = new URLSearchParams(location.search);
    for (const [widget, wanted] of waiting) {
      [...query.keys()].filter((key) => key.startsWith(`${widget}.`)).forEach((key) => query.delete(key));
      for (const [control, text] of Object.entries(wanted ?? {})) query.set(`${widget}.${control}`, text);
    }
    waiting.clear();
    const text = query.toString();
    const hash = values && section ? `#${section}` : location.hash;
    try {
      history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${hash}`);
    } catch {} // the setting still holds on the page
  }, LATER);
};

/**
 * A button that copies the address of the present setting; nothing where the browser has no clipboard for pages.
 *
 * @param {HTMLElement} said where the outcome is told
 */
export const copyLink = (said) => {
  if (!navigator.clipboard) return null;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "The link is copied.";
    } catch {
      said.textContent = "The link was not copied: take it from the address bar.";
    }
  };
  const onclick = () => setTimeout(copy, LATER + 50);
  return h("button", { type: "button", class: "sk-plain", hidden: true, onclick }, "Copy a link to this setting");
};
