// What can be chosen of the whole bank: filters, how many, and the exam with its clock.

import { h, uid } from "./dom.mjs";
import { FILTERS, fitting, mixed } from "./selection.mjs";

/** @import { How, Options } from "./selection.mjs" */
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
const select = (label, options, chosen, change) => {
  const list = h("select", { id: uid("choose"), onchange: change },
    Object.entries(options).map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return { list, node: h("div", { class: "sk-control" }, h("label", { for: list.id }, label), list) };
};

/** A box to tick. @type {(text: string, change: () => void) => { box: HTMLInputElement, node: HTMLElement }} */
export const check = (text, change) => {
  const box = h("input", { type: "checkbox", onchange: change });
  return { box, node: h("label", { class: "sk-check" }, box, ` ${text}`) };
};

/**
 * The form, folded until it is asked for.
 *
 * @param {IndexItem[]} index
 * @param {Names} names
 * @param {How} how
 * @param {(items: IndexItem[], options: Options) => void} begin
 */
export const chooser = (index, names, how, begin) => {
  const filters = FILTERS.map((name, i) => {
    const options = { "": "All", ...names[name] };
    return { name, ...select(LABELS[i], options, "", () => count()) };
  });
  const many = select("How many", COUNTS, "10", () => count());
  const time = select("Clock", CLOCKS, "", () => count());
  const exam = check("Exam: no feedback until the end", () => count());
  const fit = h("span", { class: "sk-quiet" });
  const start = h("button", { type: "submit" }, "Start");
  const found = () => {
    const wanted = Object.fromEntries(filters.map(({ name, list }) => [name, list.value]));
    return fitting(index, wanted, how, exam.box.checked);
  };
  const count = () => {
    const fits = found().length;
    const none = "No question fits. Set a filter back to All.";
    fit.textContent = fits ? `${fits} of ${index.length} questions fit.` : none;
    start.setAttribute("aria-disabled", String(fits === 0));
    time.node.hidden = !exam.box.checked;
  };
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    const items = found();
    if (items.length === 0) return;
    const wanted = many.list.value === "all" ? items.length : Number(many.list.value);
    const minutes = exam.box.checked ? Number(time.list.value) : 0;
    begin(mixed(items, wanted, how), { exam: exam.box.checked, minutes });
  };
  const node = h("details", { class: "sk-choose" }, h("summary", {}, "Choose other questions"),
    h("form", { onsubmit },
      h("div", { class: "sk-controls" }, filters.map(({ node }) => node), many.node),
      h("div", { class: "sk-controls" }, exam.node, time.node),
      h("div", { class: "sk-row" }, start, fit)));
  /** Set filters to values that they know; gives whether one is set. @param {Record<string, string>} values */
  const put = (values) => {
    for (const { name, list } of filters) if (Object.hasOwn(names[name], values[name])) list.value = values[name];
    count();
    return filters.some(({ list }) => list.value);
  };
  return { node, found, put };
};
