// Small helpers that every widget shares. Text goes into the page as text, never as HTML.

/** A fresh id for labels and descriptions, unique on the page: in a notebook every widget has a copy of this file. */
export const uid = (name) => `sk-${name}-${(globalThis.studykitIds = (globalThis.studykitIds ?? 0) + 1)}`;

const PRESSED = new Set(["button", "input", "select", "summary", "textarea"]);

/** An element: attributes by name, `on*` as listeners, `class` as text, children appended as nodes or text. */
export const h = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  // JupyterLab would take arrow keys, Enter and letters for commands unless the focused element itself says no
  if (PRESSED.has(tag)) node.setAttribute("data-lm-suppress-shortcuts", "");
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
};

/** The one live region of a widget: empty at load, filled after the reader acts. */
export const status = () => h("div", { role: "status", class: "sk-status" });

/** A number for reading: `{style: "percent", digits: 1}`, `{prefix: "$", digits: 2}`, `{suffix: " days"}`. */
export const show = (value, { style, digits = 2, prefix = "", suffix = "" } = {}) => {
  const scaled = style === "percent" ? value * 100 : value;
  const text = scaled.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return prefix + text + (style === "percent" ? "%" : "") + suffix;
};
