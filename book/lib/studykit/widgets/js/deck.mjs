// Today's cards, one after the other: question, answer, and how well it came back. Which cards, and in which order, is
// planned anew from the log each day.

import { cardsToday, isCard, planOf, timeLeft } from "./agenda.mjs";
import { countText, flattenNodes, h, liveRegion } from "./dom.mjs";
import { button, inlineMarkup, paragraph, sectionLink } from "./elements.mjs";
import { SLOT } from "./kinds/cloze.mjs";
import { calibration } from "./memory.mjs";
import { storageNotice } from "./set_summary.mjs";
import { underCurrentIds } from "./stats.mjs";
import { printedKey, versionOf } from "./task.mjs";

/** @import { Plan } from "./agenda.mjs" */
/** @import { Log } from "./log.mjs" */
/** @import { Bin } from "./memory.mjs" */
/** @import { Reason } from "./schedule.mjs" */
/** @import { Child, Entry, Host, IndexItem, Page, Places, Task } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {IndexItem[]} index
 * @property {Record<string, string>} files address of the questions of each bank
 * @property {Record<string, string>} stages
 * @property {Places} places
 * @property {{ today: string }} pages address of the page that sets the date
 */
/** @typedef {{ grade: number, key: string, name: string }} Grade */

/** @type {Grade[]} */
const GRADES = [
  { grade: 1, key: "1", name: "Forgot" }, { grade: 2, key: "2", name: "Hard" },
  { grade: 3, key: "3", name: "Knew it" }, { grade: 4, key: "4", name: "Easy" },
];
/** @type {Record<Reason, string>} */
const REASONS = {
  urgent: "You missed it though you were sure.", review: "Due for the day.", new: "New.",
};

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)}%`;
/** What is asked, without its key. @type {(task: Task) => Child[]} */
const front = (task) => {
  const stem = paragraph(inlineMarkup(task.type === "card" ? task.front : task.stem));
  switch (task.type) {
    case "mcq":
    case "multi": return [stem, h("ul", {}, task.choices.map(({ text }) => h("li", {}, inlineMarkup(text))))];
    case "order": return [stem, h("ul", {}, task.rows.map(({ text }) => h("li", {}, inlineMarkup(text))))];
    case "match": return [stem, h("ul", {}, task.pairs.map(({ left }) => h("li", {}, inlineMarkup(left))))];
    case "cloze": {
      const parts = task.text.split(SLOT).map((part, i) => (i % 2 ? "…" : part));
      return [stem, paragraph(inlineMarkup(parts.join("")))];
    }
    default: return [stem];
  }
};

/** The key, why it is so, and where it is taught. @type {(task: Task, places: Places) => Child[]} */
const back = (task, places) => {
  const { texts, explain } = printedKey(task);
  const strong = texts.map((text) => h("strong", {}, inlineMarkup(text)));
  const many = texts.length > 1;
  return [
    many
      ? h(task.type === "order" ? "ol" : "ul", {}, strong.map((text) => h("li", {}, text)))
      : paragraph(strong),
    explain ? paragraph(inlineMarkup(explain)) : null,
    task.learn ? paragraph("Read ", sectionLink(task.learn, places), ".") : null,
  ];
};

/** What was expected against what came back, in words and a table. @type {(bins: Bin[]) => Child[]} */
const calibrationTable = (bins) => {
  if (!bins.length) {
    return [paragraph("Once cards have come back on a later day, this compares what was expected with what you knew.")];
  }
  const label = "Cards that came back: expected and known";
  return [h("div", { class: "sk-table" }, h("table", { "aria-label": label },
    h("thead", {}, h("tr", {}, ["Expected", "Reviews", "Expected on average", "Known"]
      .map((text, i) => h("th", { scope: "col", class: i ? "n" : null }, text)))),
    h("tbody", {}, bins.map(({ from, to, count, predicted, actual }) => h("tr", {},
      h("th", { scope: "row" }, `${percent(from)} to ${percent(to)}`),
      [String(count), percent(predicted), percent(actual)].map((text) => h("td", { class: "n" }, text)))))))];
};

/** The deck on its page. */
class Deck {
  /**
   * @param {State} state
   * @param {Page} page
   * @param {Log} log
   */
  constructor(state, page, log) {
    this.state = state;
    this.page = page;
    this.log = log;
    this.cards = state.index.filter(isCard);
    this.byId = new Map(state.index.map((item) => [item.id, item]));
    /** @type {{ id: string, reason: Reason }[]} */
    this.queue = [];
    this.done = 0;
    this.warning = h("div");
    this.standing = h("p", {});
    this.card = h("div", { class: "sk-card-face", tabindex: -1 });
    this.status = liveRegion();
    this.proof = h("div");
    /** @type {((key: string) => void) | undefined} */
    this.onKey = undefined;
  }

  /** Plan what is left of today from the log. */
  async plan() {
    const { entries, notes } = await this.log.read();
    /** @type {Plan} */
    const plan = planOf(notes);
    const current = underCurrentIds(this.state.index, entries);
    const reviews = cardsToday(this.state.index, current, plan, Date.now());
    this.queue = reviews.cards;
    const { set } = timeLeft(plan, Date.now());
    const day = set ? "on the day of your interview" : "in thirty days (no date is set)";
    const { unplanned, planned } = reviews.recall;
    const all = countText(this.cards.length, "card");
    this.standing.replaceChildren(`Of ${all} you'd recall ${percent(unplanned)} ${day} `
      + `without another review, and at least ${percent(planned)} with this plan. `,
      h("a", { href: this.state.pages.today }, set ? "Change the date" : "Set the date"), ".");
    this.proof.replaceChildren(...flattenNodes(calibrationTable(calibration(this.cards, current))));
    this.warning.replaceChildren(...storageNotice(this.log, await this.log.daysUnsaved()));
    return reviews;
  }

  /** @param {string} id */
  async load(id) {
    const item = /** @type {IndexItem} */ (this.byId.get(id)); // a queue is of known items
    const bank = /** @type {Record<string, Task>} */ (await this.page.load(this.state.files[item.bank]));
    const task = bank[id];
    const version = task.variants ? Math.floor(Math.random() * task.variants.length) : 0;
    return { item, task: versionOf(task, version) };
  }

  /** Show the next card's question, or that today is done. */
  async next() {
    this.onKey = undefined;
    const due = this.queue[0];
    if (!due) return this.end();
    let loaded;
    try {
      loaded = await this.load(due.id);
    } catch {
      this.status.replaceChildren(paragraph("The card did not load."), button("Try again", () => this.next()));
      return undefined;
    }
    this.status.replaceChildren();
    const { item, task } = loaded;
    const started = Date.now();
    const turn = h("button", { type: "button", onclick: () => this.turn(item, task, started) }, "Show the answer");
    const place = `Card ${this.done + 1} of ${this.done + this.queue.length}, ${this.state.stages[item.stage]}. `;
    this.card.replaceChildren(...flattenNodes([
      h("p", { class: "sk-quiet" }, place, REASONS[due.reason]), front(task),
      h("div", { class: "sk-row" }, turn, h("span", { class: "sk-quiet" }, "or press the space bar")),
    ]));
    this.onKey = (key) => key === " " && turn.click();
    return undefined;
  }

  /** Show the answer and ask how well it came back. @type {(item: IndexItem, task: Task, started: number) => void} */
  turn(item, task, started) {
    const seconds = Math.min(86_400, Math.round((Date.now() - started) / 1000));
    /** @param {Grade} given */
    const grade = ({ grade: mark }) => async () => {
      this.onKey = undefined;
      await this.log.add({
        item: item.id, rev: item.rev, answer: "", verdict: mark > 1 ? "right" : "wrong", grade: mark, seconds,
        seed: task.variants && task.seed,
      });
      this.queue = this.queue.slice(1);
      this.done += 1;
      await this.next();
      this.card.focus();
    };
    const buttons = GRADES.map((given) => ({ ...given, node: button(`${given.name} (${given.key})`, grade(given)) }));
    const [forgot, hard, knew, easy] = buttons.map(({ node }) => node);
    const more = h("details", {}, h("summary", {}, "More"), h("div", { class: "sk-row" }, hard, easy));
    this.card.replaceChildren(...flattenNodes([
      front(task), h("div", { class: "sk-turned" }, back(task, this.state.places)),
      h("div", { class: "sk-row" }, forgot, knew), more,
    ]));
    this.onKey = (key) => buttons.find((one) => one.key === key)?.node.click();
    knew.focus();
  }

  async end() {
    const { answered, unseen, missed } = await this.plan();
    const said = answered ? `Done for today: ${countText(answered, "card")}.` : "No card is due today.";
    const rest = missed
      ? ` ${countText(missed, "card")} find no place before the day; more minutes a day would help.` : "";
    this.card.replaceChildren(...flattenNodes([paragraph(h("strong", {}, said)),
      paragraph(unseen ? `${countText(unseen, "card")} you haven't seen yet.${rest}` : "You have seen every card.")]));
  }

  node() {
    return h("div", { class: "sk sk-deck" }, this.warning, this.standing, this.card, this.status,
      h("h3", {}, "Does the plan know you?"), this.proof);
  }
}

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("cards need the page's log");
  const log = await model.page.log();
  const state = {
    index: model.get("index"), files: model.get("files"), stages: model.get("stages"), places: model.get("places"),
    pages: model.get("pages"),
  };
  const deck = new Deck(state, model.page, log);
  await deck.plan();
  el.append(deck.node());
  await deck.next();
  /** Keys count where nothing else takes them. @param {KeyboardEvent} event */
  const onKey = (event) => {
    const { target, key } = event;
    const taken = target instanceof Element && target.closest("a, input, select, textarea, summary, button");
    if (event.ctrlKey || event.metaKey || event.altKey || !deck.onKey || (taken && !/^[1-4]$/.test(key))) return;
    if (key === " ") event.preventDefault();
    deck.onKey(key);
  };
  document.addEventListener("keydown", onKey);
  const stopListening = log.on(async () => {
    deck.warning.replaceChildren(...storageNotice(log, await log.daysUnsaved()));
  });
  return () => {
    document.removeEventListener("keydown", onKey);
    stopListening();
  };
};

export default { render };
