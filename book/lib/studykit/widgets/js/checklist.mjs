// Task lists in a container of class `checklist`: boxes to tick, kept in the log by each item's text.

/** @import { Log } from "./log.mjs" */
/** @import { NoteValue } from "./types.d.ts" */
/** @typedef {{ box: HTMLInputElement, text: string }} Item */

const LONGEST = 90;

/** The name of an item's note. @param {string} text */
export const tickNote = (text) =>
  `tick-${text.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, LONGEST).replace(/^-|-$/g, "") || "item"}`;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {object} [given] properties
 */
const element = (tag, given) => Object.assign(document.createElement(tag), given);

/**
 * A list's items as boxes that can be pressed, each with its text as the label.
 *
 * @param {Element} list
 * @param {number} turn of the list on its page, for ids
 * @returns {Item[]}
 */
const checklistItems = (list, turn) => [...list.querySelectorAll(":scope > li")].flatMap((item, at) => {
  /** @type {HTMLInputElement | null} */
  const box = item.querySelector("input[type=checkbox]");
  if (!box) return [];
  const label = element("span", { id: `check-${turn}-${at + 1}` });
  while (box.nextSibling) label.append(box.nextSibling);
  box.after(label);
  box.disabled = false;
  box.setAttribute("aria-labelledby", label.id);
  label.addEventListener("click", ({ target }) => {
    if (target instanceof Element && !target.closest("a")) box.click();
  });
  return [{ box, text: label.textContent.replace(/\s+/g, " ").trim() }];
});

/**
 * Start one list; gives what shows the ticks of the log.
 *
 * @type {(list: Element, log: Log, turn: number) => (notes: Map<string, NoteValue>) => void}
 */
const mountChecklist = (list, log, turn) => {
  const items = checklistItems(list, turn);
  /** @type {(item: Item, done: boolean) => unknown} */
  const set = ({ text }, done) => log.note(tickNote(text), done ? { text } : null);
  for (const item of items) {
    item.box.addEventListener("change", () => {
      set(item, item.box.checked);
      cleared = [];
      show();
    });
  }
  const statusLine = element("p", { className: "sk-status" });
  statusLine.setAttribute("role", "status");
  const reset = element("button", { type: "button" });
  const toolbar = element("div", { className: "sk-ticks" });
  /** @type {Item[]} */
  let cleared = [];
  const show = () => {
    const done = items.filter(({ box }) => box.checked).length;
    const lost = log.problem ? " This browser keeps nothing: the ticks last until you leave the page." : "";
    statusLine.textContent = `${done} of ${items.length} done.${lost}`;
    reset.textContent = cleared.length ? "Put the ticks back" : "Clear this list";
    reset.setAttribute("aria-disabled", String(!done && !cleared.length));
  };
  reset.addEventListener("click", () => {
    const back = cleared;
    const changed = back.length ? back : items.filter(({ box }) => box.checked);
    if (!changed.length) return;
    for (const item of changed) {
      item.box.checked = back.length > 0;
      set(item, item.box.checked);
    }
    cleared = back.length ? [] : changed;
    show();
  });
  const title = list.closest("section")?.querySelector("h1, h2, h3")?.firstChild?.textContent;
  if (title) list.setAttribute("aria-label", title);
  toolbar.append(statusLine, reset);
  list.before(toolbar);
  return (notes) => {
    for (const { box, text } of items) box.checked = notes.has(tickNote(text));
    show();
  };
};

/**
 * Start every list; what another tab ticks shows as well.
 *
 * @param {Element[]} lists
 * @param {Log} log
 */
export const mountChecklists = async (lists, log) => {
  const shown = lists.map((list, at) => mountChecklist(list, log, at + 1));
  let latest = 0;
  const show = async () => {
    const turn = (latest += 1);
    const { notes } = await log.read();
    if (turn === latest) shown.forEach((put) => put(notes));
  };
  await show();
  log.on(show);
};
