// What questions are put together from: text with its marks, verdicts, lists, places to read.

import { h } from "./dom.mjs";

/** @import { Child, Places } from "./types.d.ts" */

/** `**bold**` and `code` as nodes, everything else as text. @param {string} text */
export const inlineMarkup = (text) => text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, i) => {
  if (i % 2 === 0) return part;
  return part[0] === "*" ? h("strong", {}, part.slice(2, -2)) : h("code", {}, part.slice(1, -1));
});

/** A verdict in words, with its mark. @type {(good: boolean, word: string) => HTMLElement} */
export const verdictMark = (good, word) =>
  h("span", { class: good ? "sk-right" : "sk-wrong" }, `${good ? "✓" : "✗"} ${word}`);
/** Where a row's verdict will stand. */
export const verdictSlot = () => h("span", { class: "sk-mark" });
/** @param {...Child} content */
export const paragraph = (...content) => h("p", {}, ...content);
/** @type {(tag: "ul" | "ol", texts: string[]) => HTMLElement} */
export const list = (tag, texts) => h(tag, {}, texts.map((text) => h("li", {}, inlineMarkup(text))));
/** One row judged and explained. @type {(good: boolean, word: string, label: string, text?: string) => HTMLElement} */
export const verdictItem = (good, word, label, text = "") =>
  h("li", {}, verdictMark(good, word), ": ", h("strong", {}, inlineMarkup(label)), text && h("br"), inlineMarkup(text));
/** @param {HTMLElement[]} found */
export const verdictList = (found) => (found.length ? [h("ul", { class: "sk-points" }, found)] : []);
/** @type {(text: string, onclick: () => unknown) => HTMLButtonElement} */
export const button = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

/** @param {string} name */
const humanize = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");

/**
 * Where an item is taught: a link where the page knows the place, else its name.
 *
 * @param {string} learn
 * @param {Places} places
 */
export const sectionLink = (learn, places) => {
  const [page, anchor] = learn.split("/");
  const known = places?.[learn];
  return known ? h("a", { href: known.href }, known.title) : `${humanize(anchor)} (${humanize(page)})`;
};
