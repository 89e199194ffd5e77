// Small helpers that every widget shares. Text goes into the page as text, never as HTML.

/** @import { Attributes, Child } from "./types.d.ts" */

/**
 * A fresh id for labels and descriptions, unique on the page: in a notebook every widget has a copy of this file.
 *
 * @param {string} name
 */
export const uniqueId = (name) => `sk-${name}-${(globalThis.studykitIds = (globalThis.studykitIds ?? 0) + 1)}`;

const INTERACTIVE_TAGS = new Set(["button", "input", "select", "summary", "textarea"]);

/**
 * Fields without those that are not known.
 *
 * @template {object} Fields
 * @param {Fields} fields
 * @returns {Fields}
 */
export const definedFields = (fields) =>
  /** @type {Fields} */ (Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));

/**
 * Nodes and texts of nested lists, without what is not there.
 *
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
export const flattenNodes = (children) => children.flatMap((child) => {
  if (Array.isArray(child)) return flattenNodes(child);
  if (child === null || child === undefined) return [];
  return [typeof child === "number" ? String(child) : child];
});

/**
 * An element: attributes by name, `on*` as listeners, `class` as text, children appended as nodes or text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const h = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  // JupyterLab would take arrow keys, Enter and letters for commands unless the focused element itself says no
  if (INTERACTIVE_TAGS.has(tag)) node.setAttribute("data-lm-suppress-shortcuts", "");
  node.append(...flattenNodes(children));
  return node;
};

/** The one live region of a widget: empty at load, filled after the reader acts. */
export const liveRegion = () => h("div", { role: "status", class: "sk-status" });

/**
 * A number for reading: `{style: "percent", digits: 1}`, `{prefix: "$", digits: 2}`, `{suffix: " days"}`.
 *
 * @param {number} value
 * @param {{ style?: "percent", digits?: number, prefix?: string, suffix?: string }} [form]
 */
export const formatNumber = (value, { style, digits = 2, prefix = "", suffix = "" } = {}) => {
  const scaled = style === "percent" ? value * 100 : value;
  const text = scaled.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return prefix + text + (style === "percent" ? "%" : "") + suffix;
};

/** A count with its noun. @type {(count: number, one: string, many?: string) => string} */
export const countText = (count, one, many = `${one}s`) =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
