// The setting of a widget in the page's address, so that it can be sent to somebody: `?pareto.center=South#pareto`.

import { h } from "./dom.mjs";

const LATER = 300; // browsers refuse an address that changes with every step of a slider

/** The values that the address holds for the widget `name`, by control. */
export const readSetting = (name) => Object.fromEntries([...new URLSearchParams(location.search)]
  .filter(([key]) => key.startsWith(`${name}.`)).map(([key, value]) => [key.slice(name.length + 1), value]));

let timer;
const waiting = new Map();

/** Put values (control -> text) of a widget into the address, or take them out of it (`null`); a link leads to its section. */
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
    try {
      history.replaceState(history.state, "", `${location.pathname}${text && `?${text}`}${values && section ? `#${section}` : location.hash}`);
    } catch {} // the setting still holds on the page
  }, LATER);
};

/** A button that copies the address of the present setting; nothing where the browser has no clipboard for pages. */
export const copyLink = (said) => (navigator.clipboard ? h("button", { type: "button", class: "sk-plain", hidden: true, onclick: () => {
  setTimeout(async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "The link is copied.";
    } catch {
      said.textContent = "The link was not copied: take it from the address bar.";
    }
  }, LATER + 50);
} }, "Copy a link to this setting") : null);
