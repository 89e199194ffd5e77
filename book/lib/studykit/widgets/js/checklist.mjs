// Task lists in a container of class `checklist`: boxes to tick, kept in this browser by page and by each item's text.

/** @typedef {{ box: HTMLInputElement, text: string }} Item */

const key = `studykit checklist ${location.pathname}`;

/** What is ticked on this page, and whether the browser keeps it. */
class TickStore {
  constructor() {
    this.kept = true;
    /** @type {Set<string>} */
    this.texts = new Set(this.read());
  }
  read() {
    try {
      const stored = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(stored) ? stored : [];
    } catch {
      this.kept = false;
      return [];
    }
  }
  /** @type {(text: string, done: boolean) => void} */
  set(text, done) {
    if (done) this.texts.add(text);
    else this.texts.delete(text);
    try {
      localStorage.setItem(key, JSON.stringify([...this.texts]));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }
}

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

/** @type {(list: Element, ticks: TickStore, turn: number) => void} */
const mountChecklist = (list, ticks, turn) => {
  const items = checklistItems(list, turn);
  for (const { box, text } of items) {
    box.addEventListener("change", () => {
      ticks.set(text, box.checked);
      cleared = [];
      show();
    });
    box.checked = ticks.texts.has(text);
  }
  const statusLine = element("p", { className: "sk-status" });
  statusLine.setAttribute("role", "status");
  const reset = element("button", { type: "button" });
  const toolbar = element("div", { className: "sk-ticks" });
  /** @type {Item[]} */
  let cleared = [];
  const show = () => {
    const done = items.filter(({ box }) => box.checked).length;
    const lost = ticks.kept ? "" : " This browser keeps nothing: the ticks last until you leave the page.";
    statusLine.textContent = `${done} of ${items.length} done.${lost}`;
    reset.textContent = cleared.length ? "Put the ticks back" : "Clear this list";
    reset.setAttribute("aria-disabled", String(!done && !cleared.length));
  };
  reset.addEventListener("click", () => {
    const back = cleared;
    const changed = back.length ? back : items.filter(({ box }) => box.checked);
    if (!changed.length) return;
    for (const { box, text } of changed) {
      box.checked = back.length > 0;
      ticks.set(text, box.checked);
    }
    cleared = back.length ? [] : changed;
    show();
  });
  const title = list.closest("section")?.querySelector("h1, h2, h3")?.firstChild?.textContent;
  if (title) list.setAttribute("aria-label", title);
  toolbar.append(statusLine, reset);
  list.before(toolbar);
  show();
};

/**
 * Start every list, with one memory for the page.
 *
 * @param {Element[]} lists
 */
export const mountChecklists = (lists) => {
  const ticks = new TickStore();
  lists.forEach((list, at) => mountChecklist(list, ticks, at + 1));
};
