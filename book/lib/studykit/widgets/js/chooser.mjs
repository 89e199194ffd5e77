// What can be chosen of the whole bank: filters, how many, and the exam with its clock.

import { h, uniqueId } from "./dom.mjs";
import { filterItems, FILTERS, mixQuestions } from "./selection.mjs";

/** @import { Options, StatusOf } from "./selection.mjs" */
/** @import { IndexItem } from "./types.d.ts" */
/** @typedef {Record<string, Record<string, string>>} Names of the values of each filter */

const LABELS = ["Stage", "Responsibility", "Kind", "Level", "Answered"];
const COUNTS = { 10: "10", 20: "20", 40: "40", all: "All that fit" };
const CLOCKS = { "": "No clock", 10: "10 minutes", 20: "20 minutes", 40: "40 minutes" };

/**
 * A list to choose from, with its label.
 *
 * @param {string} label
 * @param {Record<string, string>} options text by value
 * @param {string} chosen
 * @param {() => void} change
 */
const labeledSelect = (label, options, chosen, change) => {
  const list = h("select", { id: uniqueId("choose"), onchange: change },
    Object.entries(options).map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return { list, node: h("div", { class: "sk-control" }, h("label", { for: list.id }, label), list) };
};

/** A box to tick. @type {(text: string, change: () => void) => { box: HTMLInputElement, node: HTMLElement }} */
export const labeledCheckbox = (text, change) => {
  const box = h("input", { type: "checkbox", onchange: change });
  return { box, node: h("label", { class: "sk-check" }, box, ` ${text}`) };
};

/**
 * The form, folded until it is asked for.
 *
 * @param {IndexItem[]} index
 * @param {Names} names
 * @param {StatusOf} statusOf
 * @param {(items: IndexItem[], options: Options) => void} begin
 */
export const chooser = (index, names, statusOf, begin) => {
  const filters = FILTERS.map((name, i) => {
    const options = { "": "All", ...names[name] };
    return { name, ...labeledSelect(LABELS[i], options, "", () => updateCount()) };
  });
  const countSelect = labeledSelect("How many", COUNTS, "10", () => updateCount());
  const clockSelect = labeledSelect("Clock", CLOCKS, "", () => updateCount());
  const examCheckbox = labeledCheckbox("Exam: no feedback until the end", () => updateCount());
  const matchCount = h("span", { class: "sk-quiet" });
  const start = h("button", { type: "submit" }, "Start");
  const matchingItems = () => {
    const wanted = Object.fromEntries(filters.map(({ name, list }) => [name, list.value]));
    return filterItems(index, wanted, statusOf, examCheckbox.box.checked);
  };
  const updateCount = () => {
    const fits = matchingItems().length;
    const none = "No question fits. Set a filter back to All.";
    matchCount.textContent = fits ? `${fits} of ${index.length} questions fit.` : none;
    start.setAttribute("aria-disabled", String(fits === 0));
    clockSelect.node.hidden = !examCheckbox.box.checked;
  };
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const items = matchingItems();
    if (items.length === 0) return;
    const wanted = countSelect.list.value === "all" ? items.length : Number(countSelect.list.value);
    const minutes = examCheckbox.box.checked ? Number(clockSelect.list.value) : 0;
    begin(mixQuestions(items, wanted, statusOf), { exam: examCheckbox.box.checked, minutes });
  };
  const node = h("details", { class: "sk-choose" }, h("summary", {}, "Choose other questions"),
    h("form", { onsubmit },
      h("div", { class: "sk-controls" }, filters.map(({ node }) => node), countSelect.node),
      h("div", { class: "sk-controls" }, examCheckbox.node, clockSelect.node),
      h("div", { class: "sk-row" }, start, matchCount)));
  /** Set filters to values that they know; gives whether one is set. @param {Record<string, string>} values */
  const setFilters = (values) => {
    for (const { name, list } of filters) if (Object.hasOwn(names[name], values[name])) list.value = values[name];
    updateCount();
    return filters.some(({ list }) => list.value);
  };
  return { node, matchingItems, setFilters };
};
