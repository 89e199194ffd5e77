// The whole bank: sets by filter or by the address, one question at a time, and an exam that keeps quiet until its end.
// An index comes with the page, and a few questions to begin with; a bank's questions load when one of them is asked.

import { chooser, labeledCheckbox } from "./chooser.mjs";
import { h, liveRegion } from "./dom.mjs";
import { examClock } from "./exam_clock.mjs";
import { button, paragraph } from "./elements.mjs";
import { buildSearch, defaultPool, mixQuestions, parseSearch } from "./selection.mjs";
import { question } from "./question.mjs";
import {
  isExamRunning, loadSession, newSession, nextUnanswered, resumableSession, saveSession, sessionResult,
  sessionVerdicts,
} from "./session.mjs";
import { calibrationSummary, printAnswers, readNext, storageNotice } from "./set_summary.mjs";
import { itemStatus, latestByItem, underCurrentIds } from "./stats.mjs";
import { logFields } from "./task.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Options } from "./selection.mjs" */
/** @import { Session } from "./session.mjs" */
/**
 * @import { Entry, FeedbackNodes, GivenAnswer, Host, IndexItem, Model } from "./types.d.ts"
 * @import { Page, Places, QuestionView, Task } from "./types.d.ts"
 */
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
    this.last = latestByItem(underCurrentIds(this.index, entries));
    /** @type {Session} */
    this.session = newSession([], {});
    /** @type {(QuestionView | undefined)[]} those that are built, by place */
    this.questions = [];

    this.certainty = labeledCheckbox("Ask how sure I am", () => {
      this.log.setSetting("sure", this.certainty.box.checked);
      this.questions.forEach((one) => one && !this.session.answers[one.item.id] && one.refresh());
    });
    /** @type {import("./selection.mjs").StatusOf} */
    this.statusOf = (item) => itemStatus(item, this.last.get(item.id));
    this.chooser = chooser(this.index, this.names, this.statusOf, (items, options) => this.begin(items, options, true));
    this.warning = h("div");
    this.status = liveRegion();
    this.questionList = h("div", { class: "sk-set" });
    this.summary = h("div", { class: "sk-summary", tabindex: -1 });
    this.position = h("p", { class: "sk-quiet" });
    this.clock = examClock((words) => this.status.replaceChildren(paragraph(words)));
    this.extendButton = button("Five more minutes", () => this.extend());
    this.previousButton = button("Previous", () => this.goTo(this.session.at - 1));
    this.nextButton = button("Next", () => this.goTo(this.session.at + 1));
    this.finishButton = h("button", { type: "button", onclick: () => this.end() }, "Finish");
    this.controls = h("div", { class: "sk-row sk-steps" },
      this.previousButton, this.nextButton, this.finishButton, this.clock.node, this.extendButton);
  }

  /** Everything, as it stands on the page. */
  node() {
    const ten = button("Ten mixed questions", () => this.askTen());
    return h("div", { class: "sk sk-practice" },
      h("div", { class: "sk-tools" }, ten, this.position, this.certainty.node),
      this.chooser.node, this.warning, this.status, this.summary, this.questionList, this.controls);
  }

  /** @param {string} id */
  item(id) {
    return /** @type {IndexItem} */ (this.byId.get(id)); // a set is of known questions
  }

  save() {
    saveSession(this.key, this.session);
  }

  async showNotice() {
    this.warning.replaceChildren(...storageNotice(this.log, await this.log.daysUnsaved()));
  }

  /** @type {(id: string, entry: GivenAnswer) => Promise<void>} */
  async logAnswer(id, entry) {
    const full = await this.log.add({ item: id, ...logFields(entry) });
    this.last.set(id, full);
    await this.showNotice();
  }

  /** Say where the reader is, and show the question of that place: after the end all of them. */
  show() {
    const { session, questions } = this;
    const answered = sessionVerdicts(session).filter(Boolean).length;
    const right = sessionVerdicts(session).filter((verdict) => verdict === "right").length;
    const { length } = session.ids;
    const quiet = isExamRunning(session);
    this.position.textContent = `${answered} of ${length} answered${quiet ? "" : `, ${right} right`}`;
    questions.forEach((one, i) => one && (one.node.hidden = !session.ended && i !== session.at));
    this.previousButton.disabled = session.at === 0;
    this.nextButton.disabled = session.at === length - 1;
    this.controls.hidden = Boolean(session.ended) || length === 0;
    this.clock.node.hidden = this.extendButton.hidden = !quiet || !session.minutes;
    this.finishButton.hidden = !quiet && answered < length;
    this.finishButton.textContent = quiet ? "Finish the exam" : "See the result";
  }

  /** @param {number} at */
  async goTo(at) {
    this.session.at = at;
    this.save();
    this.show();
    await this.buildQuestion(at);
    if (this.session.at === at) this.questions[at]?.focus();
  }

  /** A question with its key: from the page, or from its bank's file. @type {(id: string) => Promise<Task>} */
  async loadQuestion(id) {
    if (this.openers[id]) return this.openers[id];
    const bank = /** @type {Record<string, Task>} */ (await this.page.load(this.files[this.item(id).bank]));
    return bank[id];
  }

  /** The orders of choices, kept with their set. @type {(session: Session) => import("./shuffle.mjs").Seeds} */
  seedsOf(session) {
    return {
      get: (id) => session.seeds?.[id],
      set: (id, seed) => {
        session.seeds = { ...session.seeds, [id]: seed };
        this.save();
      },
    };
  }

  /** The question at a place of the set, loaded and built once. @param {number} at */
  async buildQuestion(at) {
    const { session } = this;
    const id = session.ids[at];
    let item;
    try {
      item = await this.loadQuestion(id);
    } catch {
      const again = button("Try again", () => this.buildAll(session));
      this.status.replaceChildren(paragraph("The questions did not load."), again);
      return;
    }
    if (session !== this.session || this.questions[at]) return;
    const { stage, responsibility = [] } = this.item(id);
    const responsibilities = responsibility.map((name) => this.names.responsibility[name]);
    const about = [this.names.stage[stage], ...responsibilities].join(" · ");
    const one = question(item, {
      places: this.places, asksCertainty: () => this.certainty.box.checked, exam: () => isExamRunning(this.session),
      title: `Question ${at + 1} of ${session.ids.length} · ${about}`, seeds: this.seedsOf(session),
      save: (entry) => this.saveAnswer(session, at, entry),
    });
    this.questions[at] = one;
    if (session.answers[id]) one.showStored(session.answers[id]);
    one.node.hidden = !session.ended && at !== session.at;
    const after = this.questions.slice(at + 1).find(Boolean);
    this.questionList.insertBefore(one.node, after?.node ?? null);
  }

  /**
   * Keep an answer; gives the button that leads on.
   *
   * @type {(session: Session, at: number, entry: GivenAnswer) => FeedbackNodes}
   */
  saveAnswer(session, at, entry) {
    const id = session.ids[at];
    session.answers[id] = entry;
    this.save();
    if (!isExamRunning(this.session)) this.logAnswer(id, entry);
    this.show();
    const open = nextUnanswered(session, at);
    if (open > 0) return button("Next question", () => this.goTo(open));
    if (session.ended || !sessionVerdicts(this.session).every(Boolean)) return null;
    return button(isExamRunning(this.session) ? "Finish the exam" : "See the result", () => this.end());
  }

  /** Load and build the whole set, the question that is shown first. @param {Session} session */
  async buildAll(session) {
    this.status.replaceChildren();
    await this.buildQuestion(session.at);
    this.show();
    for (const bank of new Set(session.ids.map((id) => this.item(id).bank))) { // all at once
      this.page.load(this.files[bank]).catch(() => {});
    }
    for (let at = 0; at < session.ids.length && session === this.session; at++) await this.buildQuestion(at);
    if (session === this.session) this.show();
  }

  /**
   * Begin a set; one that was `named` gets its address.
   *
   * @type {(items: IndexItem[], options: Options, named?: boolean) => void}
   */
  begin(items, options, named = false) {
    this.clock.stop();
    this.session = newSession(items, options);
    if (named) {
      history.replaceState(null, "", buildSearch(this.session));
      this.chooser.node.open = false;
    }
    this.session.search = location.search;
    this.save();
    this.showSession().then(() => named && this.questions[0]?.focus());
  }

  askTen() {
    this.begin(mixQuestions(defaultPool(this.index), 10, this.statusOf), {}, true);
  }

  /** Put the present set on the page. */
  async showSession() {
    const { session } = this;
    this.questions = [];
    this.questionList.replaceChildren();
    this.summary.replaceChildren();
    if (isExamRunning(session) && session.minutes) this.clock.start(() => this.session);
    this.show();
    if (session.ended) this.showSummary();
    await this.buildAll(session);
  }

  extend() {
    this.session.minutes = (this.session.minutes ?? 0) + 5;
    this.save();
    this.clock.tick(this.session);
  }

  showSummary() {
    const { session } = this;
    const { right, graded, missed, left, late } = sessionResult(session, (id) => this.item(id).type);
    const words = `${right} of ${graded} right${left ? `, ${left} not answered` : ""}.`;
    const again = () => this.begin(missed.map((id) => this.item(id)), {}, true);
    this.summary.replaceChildren(
      h("p", {}, h("strong", {}, words), late ? " You took longer than the clock." : ""),
      ...calibrationSummary(Object.values(session.answers)),
      ...readNext(session.ids.map((id) => this.item(id)), sessionVerdicts(session), this.places),
      h("div", { class: "sk-row" },
        missed.length ? button("The missed ones again", again) : null, button("Ten more", () => this.askTen())));
  }

  async end() {
    this.clock.stop();
    const exam = isExamRunning(this.session);
    this.session.ended = Date.now();
    this.save();
    this.status.replaceChildren();
    this.showSummary();
    if (exam) {
      const given = Object.entries(this.session.answers);
      await this.showSession(); // every question again, now with its feedback
      for (const [id, entry] of given) await this.logAnswer(id, entry);
    }
    this.show();
    this.summary.focus();
  }

  /** Begin with what the address asks, the set of before a reload, or ten mixed questions. */
  async start() {
    const { items, unknown, options, filters } = parseSearch(location.search, this.index);
    const filtered = this.chooser.setFilters(filters);
    const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const before = resumableSession(loadSession(this.key), location.search, this.byId, way?.type === "navigate");
    if (unknown.length) this.status.replaceChildren(paragraph(`Not in the bank: ${unknown.join(", ")}.`));
    const words = [...this.status.childNodes];
    if (before) {
      this.session = before;
      await Promise.race([this.showSession(), new Promise((done) => setTimeout(done, 3000))]);
    } else if (items.length) {
      this.begin(items, options);
    } else {
      const from = filtered ? this.chooser.matchingItems() : defaultPool(this.index, options);
      this.begin(mixQuestions(from, 10, this.statusOf, this.openers), options);
    }
    await this.buildQuestion(this.session.at);
    this.status.append(...words);
    this.showNotice();
  }
}

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("practice needs the page's log");
  const log = await model.page.log();
  const [{ entries }, sure] = await Promise.all([log.read(), log.getSetting("sure")]);
  const practice = new Practice(model, model.page, log, entries);
  practice.certainty.box.checked = Boolean(sure);
  el.append(practice.node());
  await practice.start();
  const unprint = printAnswers(el, () =>
    (isExamRunning(practice.session) ? [] : practice.questions.filter((one) => one !== undefined)));
  return () => {
    practice.clock.stop();
    unprint();
  };
};

export default { render };
