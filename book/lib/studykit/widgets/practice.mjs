// The whole bank: sets by filter or by the address, one question at a time, and an exam that keeps quiet until its end.
// An index comes with the page, and a few questions to begin with; a bank's questions load when one of them is asked.

import { check, chooser } from "./chooser.mjs";
import { h, status } from "./dom.mjs";
import { examClock } from "./exam_clock.mjs";
import { button, paragraph } from "./parts.mjs";
import { fromAddress, mixed, quick, toAddress } from "./pick.mjs";
import { question } from "./question.mjs";
import { keepSession, keptSession, nextOpen, resultOf, resumed, running, sessionOf, verdictsOf } from "./session.mjs";
import { calibration, notice, printAnswers, readNext } from "./sets.mjs";
import { latest, present, standing } from "./stats.mjs";
import { logged } from "./task.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Options } from "./pick.mjs" */
/** @import { Session } from "./session.mjs" */
/** @import { Entry, Given, Host, IndexItem, Model, Page, Places, QuestionView, Shown, Task } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {IndexItem[]} index
 * @property {Record<string, string>} files address of the questions of each bank
 * @property {Record<string, string>} stages
 * @property {Record<string, string>} responsibilities
 * @property {Record<string, string>} kinds
 * @property {Places} places
 * @property {Record<string, Task>} [openers] questions that come with the page, by id
 */

const LEVELS = { recall: "Recall", apply: "Apply", analyze: "Analyze", judge: "Judge" };
const STATES = { unseen: "Not answered yet", wrong: "Missed last time", changed: "Changed since answered" };

/** The bank on one page, and the set that is being answered. */
class Practice {
  /**
   * @param {Model<State>} model
   * @param {Page} page
   * @param {Log} log
   * @param {Entry[]} entries
   */
  constructor(model, page, log, entries) {
    this.page = page;
    this.log = log;
    this.key = `${log.name} practice`;
    this.index = model.get("index");
    this.files = model.get("files");
    this.places = model.get("places");
    this.openers = model.get("openers") ?? {};
    /** @type {Record<string, Record<string, string>>} */
    this.names = {
      stage: model.get("stages"), responsibility: model.get("responsibilities"), kind: model.get("kinds"),
      level: LEVELS, state: STATES,
    };
    this.byId = new Map(this.index.map((item) => [item.id, item]));
    this.last = latest(present(this.index, entries));
    /** @type {Session} */
    this.session = sessionOf([], {});
    /** @type {(QuestionView | undefined)[]} those that are built, by place */
    this.questions = [];

    this.sure = check("Ask how sure I am", () => {
      this.log.note("sure", this.sure.box.checked);
      this.questions.forEach((one) => one && !this.session.answers[one.item.id] && one.refresh());
    });
    /** @type {import("./pick.mjs").How} */
    this.how = (item) => standing(item, this.last.get(item.id));
    this.chosen = chooser(this.index, this.names, this.how, (items, options) => this.begin(items, options, true));
    this.warning = h("div");
    this.said = status();
    this.asked = h("div", { class: "sk-set" });
    this.summary = h("div", { class: "sk-summary", tabindex: -1 });
    this.where = h("p", { class: "sk-quiet" });
    this.clock = examClock((words) => this.said.replaceChildren(paragraph(words)));
    this.more = button("Five more minutes", () => this.extend());
    this.back = button("Previous", () => this.go(this.session.at - 1));
    this.next = button("Next", () => this.go(this.session.at + 1));
    this.finish = h("button", { type: "button", onclick: () => this.end() }, "Finish");
    this.steps = h("div", { class: "sk-row sk-steps" }, this.back, this.next, this.finish, this.clock.node, this.more);
  }

  /** Everything, as it stands on the page. */
  node() {
    const ten = button("Ten mixed questions", () => this.ten());
    return h("div", { class: "sk sk-practice" }, h("div", { class: "sk-tools" }, ten, this.where, this.sure.node),
      this.chosen.node, this.warning, this.said, this.summary, this.asked, this.steps);
  }

  /** @param {string} id */
  item(id) {
    return /** @type {IndexItem} */ (this.byId.get(id)); // a set is of known questions
  }

  keep() {
    keepSession(this.key, this.session);
  }

  async remind() {
    this.warning.replaceChildren(...notice(this.log, await this.log.overdue()));
  }

  /** @type {(id: string, entry: Given) => Promise<void>} */
  async record(id, entry) {
    const full = await this.log.add({ item: id, ...logged(entry) });
    this.last.set(id, full);
    await this.remind();
  }

  /** Say where the reader is, and show the question of that place: after the end all of them. */
  show() {
    const { session, questions } = this;
    const answered = verdictsOf(session).filter(Boolean).length;
    const right = verdictsOf(session).filter((verdict) => verdict === "right").length;
    const { length } = session.ids;
    const quiet = running(session);
    this.where.textContent = `${answered} of ${length} answered${quiet ? "" : `, ${right} right`}`;
    questions.forEach((one, i) => one && (one.node.hidden = !session.ended && i !== session.at));
    this.back.disabled = session.at === 0;
    this.next.disabled = session.at === length - 1;
    this.steps.hidden = Boolean(session.ended) || length === 0;
    this.clock.node.hidden = this.more.hidden = !quiet || !session.minutes;
    this.finish.hidden = !quiet && answered < length;
    this.finish.textContent = quiet ? "Finish the exam" : "See the result";
  }

  /** @param {number} at */
  async go(at) {
    this.session.at = at;
    this.keep();
    this.show();
    await this.built(at);
    if (this.session.at === at) this.questions[at]?.focus();
  }

  /** A question with its key: from the page, or from its bank's file. @type {(id: string) => Promise<Task>} */
  async loaded(id) {
    if (this.openers[id]) return this.openers[id];
    const bank = /** @type {Record<string, Task>} */ (await this.page.load(this.files[this.item(id).bank]));
    return bank[id];
  }

  /** The question at a place of the set, loaded and built once. @param {number} at */
  async built(at) {
    const { session } = this;
    const id = session.ids[at];
    let item;
    try {
      item = await this.loaded(id);
    } catch {
      const again = button("Try again", () => this.fill(session));
      this.said.replaceChildren(paragraph("The questions did not load."), again);
      return;
    }
    if (session !== this.session || this.questions[at]) return;
    const { stage, responsibility = [] } = this.item(id);
    const responsibilities = responsibility.map((name) => this.names.responsibility[name]);
    const about = [this.names.stage[stage], ...responsibilities].join(" · ");
    const one = question(item, {
      places: this.places, sure: () => this.sure.box.checked, exam: () => running(this.session),
      title: `Question ${at + 1} of ${session.ids.length} · ${about}`,
      save: (entry) => this.answered(session, at, entry),
    });
    this.questions[at] = one;
    if (session.answers[id]) one.put(session.answers[id]);
    one.node.hidden = !session.ended && at !== session.at;
    const after = this.questions.slice(at + 1).find(Boolean);
    this.asked.insertBefore(one.node, after?.node ?? null);
  }

  /** Keep an answer; gives the button that leads on. @type {(session: Session, at: number, entry: Given) => Shown} */
  answered(session, at, entry) {
    const id = session.ids[at];
    session.answers[id] = entry;
    this.keep();
    if (!running(this.session)) this.record(id, entry);
    this.show();
    const open = nextOpen(session, at);
    if (open > 0) return button("Next question", () => this.go(open));
    if (session.ended || !verdictsOf(this.session).every(Boolean)) return null;
    return button(running(this.session) ? "Finish the exam" : "See the result", () => this.end());
  }

  /** Load and build the whole set, the question that is shown first. @param {Session} session */
  async fill(session) {
    this.said.replaceChildren();
    await this.built(session.at);
    this.show();
    for (const bank of new Set(session.ids.map((id) => this.item(id).bank))) { // all at once
      this.page.load(this.files[bank]).catch(() => {});
    }
    for (let at = 0; at < session.ids.length && session === this.session; at++) await this.built(at);
    if (session === this.session) this.show();
  }

  /**
   * Begin a set; one that was `named` gets its address.
   *
   * @type {(items: IndexItem[], options: Options, named?: boolean) => void}
   */
  begin(items, options, named = false) {
    this.clock.stop();
    this.session = sessionOf(items, options);
    if (named) {
      history.replaceState(null, "", toAddress(this.session));
      this.chosen.node.open = false;
    }
    this.session.search = location.search;
    this.keep();
    this.open().then(() => named && this.questions[0]?.focus());
  }

  ten() {
    this.begin(mixed(quick(this.index), 10, this.how), {}, true);
  }

  /** Put the present set on the page. */
  async open() {
    const { session } = this;
    this.questions = [];
    this.asked.replaceChildren();
    this.summary.replaceChildren();
    if (running(session) && session.minutes) this.clock.start(() => this.session);
    this.show();
    if (session.ended) this.sumUp();
    await this.fill(session);
  }

  extend() {
    this.session.minutes = (this.session.minutes ?? 0) + 5;
    this.keep();
    this.clock.tick(this.session);
  }

  sumUp() {
    const { session } = this;
    const { right, graded, missed, left, late } = resultOf(session, (id) => this.item(id).type);
    const words = `${right} of ${graded} right${left ? `, ${left} not answered` : ""}.`;
    const again = () => this.begin(missed.map((id) => this.item(id)), {}, true);
    this.summary.replaceChildren(
      h("p", {}, h("strong", {}, words), late ? " You took longer than the clock." : ""),
      ...calibration(Object.values(session.answers)),
      ...readNext(session.ids.map((id) => this.item(id)), verdictsOf(session), this.places),
      h("div", { class: "sk-row" },
        missed.length ? button("The missed ones again", again) : null, button("Ten more", () => this.ten())));
  }

  async end() {
    this.clock.stop();
    const exam = running(this.session);
    this.session.ended = Date.now();
    this.keep();
    this.said.replaceChildren();
    this.sumUp();
    if (exam) {
      const given = Object.entries(this.session.answers);
      await this.open(); // every question again, now with its feedback
      for (const [id, entry] of given) await this.record(id, entry);
    }
    this.show();
    this.summary.focus();
  }

  /** Begin with what the address asks, the set of before a reload, or ten mixed questions. */
  async start() {
    const { items, unknown, options, filters } = fromAddress(location.search, this.index);
    const filtered = this.chosen.put(filters);
    const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const before = resumed(keptSession(this.key), location.search, this.byId, way?.type === "navigate");
    if (unknown.length) this.said.replaceChildren(paragraph(`Not in the bank: ${unknown.join(", ")}.`));
    const words = [...this.said.childNodes];
    if (before) {
      this.session = before;
      await Promise.race([this.open(), new Promise((done) => setTimeout(done, 3000))]);
    } else if (items.length) {
      this.begin(items, options);
    } else {
      const from = filtered ? this.chosen.found() : quick(this.index, options);
      this.begin(mixed(from, 10, this.how, this.openers), options);
    }
    await this.built(this.session.at);
    this.said.append(...words);
    this.remind();
  }
}

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("practice needs the page's log");
  const log = await model.page.log();
  const [{ entries }, sure] = await Promise.all([log.read(), log.noted("sure")]);
  const practice = new Practice(model, model.page, log, entries);
  practice.sure.box.checked = Boolean(sure);
  el.append(practice.node());
  await practice.start();
  const unprint = printAnswers(el, () =>
    (running(practice.session) ? [] : practice.questions.filter((one) => one !== undefined)));
  return () => {
    practice.clock.stop();
    unprint();
  };
};

export default { render };
