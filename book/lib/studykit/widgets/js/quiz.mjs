// Questions as a list with Check and feedback, on the page and in a notebook. On the page the answers are kept in the
// reader's log; with a kernel they reach Python by the trait `answers`.

import { definedFields, h, uniqueId } from "./dom.mjs";
import { button, paragraph } from "./elements.mjs";
import { question } from "./question.mjs";
import { tabSeeds } from "./shuffle.mjs";
import { calibrationSummary, printAnswers, readNext, storageNotice } from "./set_summary.mjs";
import { underCurrentIds } from "./stats.mjs";
import { isCurrent, logFields } from "./task.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { GivenAnswer, Host, Places, QuestionView, Task, Verdict } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {Task[]} items
 * @property {Record<string, GivenAnswer>} answers by item
 * @property {Places} places
 */

const FILTER_LABELS = { all: "All", open: "Not answered", missed: "Missed" };
/** @type {Record<string, (verdict: Verdict | undefined) => boolean>} */
const FILTER_TESTS = { all: () => true, open: (verdict) => !verdict, missed: (verdict) => verdict === "wrong" };

/** Where the browser notes that these questions were set aside. @param {Task[]} items */
const restartKey = (items) => `afresh ${location.pathname} ${items[0].id}`;

/**
 * What was answered before, as far as it was not set aside.
 *
 * @param {Log} log
 * @param {Task[]} items
 * @param {QuestionView[]} questions
 */
const earlierAnswers = async (log, items, questions) => {
  const since = Number((await log.getSetting(restartKey(items))) ?? 0);
  /** @type {Record<string, GivenAnswer>} */
  const earlier = {};
  const ids = items.flatMap(({ id, replaces = [] }) => [id, ...replaces]);
  const known = [...(await log.entriesOf(ids)).values()].flat();
  const found = underCurrentIds(items, known).sort((a, b) => a.time - b.time);
  for (const [at, { id }] of items.entries()) {
    const kept = found.filter(({ item, time, grade }) => item === id && time > since && !grade); // a card has no answer
    const last = kept.at(-1);
    if (!last) continue;
    const { rev, answer, verdict, seed, certainty, scores } = last;
    const entry = definedFields({ rev, answer, verdict, tries: kept.length, seed, certainty, scores });
    if (isCurrent(items[at], entry)) earlier[id] = entry;
    else questions[at].showStored(entry); // it says that the question has changed
  }
  return earlier;
};

/**
 * A choice of which questions are shown.
 *
 * @param {() => QuestionView[]} questions
 * @param {() => (Verdict | undefined)[]} verdicts
 */
const questionFilter = (questions, verdicts) => {
  const filter = h("select", { id: uniqueId("shown"), onchange: () => {
    choose(filter.value);
  } }, Object.entries(FILTER_LABELS).map(([value, text]) => h("option", { value }, text)));
  const none = h("p", { class: "sk-quiet" });
  /** @param {string} value */
  const choose = (value) => {
    filter.value = value;
    const now = verdicts();
    questions().forEach(({ node }, i) => (node.hidden = !FILTER_TESTS[value](now[i])));
    none.textContent = questions().every(({ node }) => node.hidden) ? "None here." : "";
  };
  return { node: h("span", {}, h("label", { for: filter.id }, "Show "), filter), none, choose };
};

/**
 * How it went, once every question is answered.
 *
 * @type {(items: Task[], entries: GivenAnswer[], places: Places) => HTMLElement[]}
 */
const quizResult = (items, entries, places) => {
  const verdicts = entries.map(({ verdict }) => verdict);
  const right = verdicts.filter((verdict) => verdict === "right").length;
  const graded = items.filter(({ type }) => type !== "open").length;
  return [
    h("p", {}, h("strong", {}, `${right} of ${graded} right.`)),
    ...calibrationSummary(entries), ...readNext(items, verdicts, places),
  ];
};

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  const items = model.get("items");
  const many = items.length > 1;
  const log = await model.page?.log?.();
  const places = model.get("places");
  const seeds = tabSeeds();
  const progress = h("p", { class: "sk-quiet" });
  const summary = h("div", { class: "sk-summary" });
  const warning = h("div");
  /** @type {() => (GivenAnswer | undefined)[]} */
  const entries = () => items.map(({ id }) => model.get("answers")[id]);
  const verdicts = () => entries().map((entry) => entry?.verdict);

  const certaintyBox = h("input", { type: "checkbox", id: uniqueId("sure"), onchange: () => {
    log?.setSetting("sure", certaintyBox.checked);
    const all = entries();
    questions.forEach((one, i) => all[i] ?? one.refresh()); // an answered one stays as it is
  } });
  if (log) certaintyBox.checked = Boolean(await log.getSetting("sure"));

  const showNotice = async () => log && warning.replaceChildren(...storageNotice(log, await log.daysUnsaved()));
  /** @type {(item: Task, at: number, entry: GivenAnswer) => import("./types.d.ts").FeedbackNodes} */
  const saveAnswer = (item, at, entry) => {
    const missing = verdicts().filter((verdict) => !verdict).length;
    const last = many && missing === 1 && !verdicts()[at];
    model.set("answers", { ...model.get("answers"), [item.id]: entry });
    model.save_changes();
    log?.add({ item: item.id, ...logFields(entry) }).then(showNotice);
    if (last) return paragraph("All questions are answered; the result is below.");
    const next = questions.findIndex((_, other) => other > at && !verdicts()[other]);
    return next > 0 && button("Next unanswered", () => {
      const { node, focus } = questions[next];
      if (node.hidden) choose("all");
      node.scrollIntoView({ block: "start" });
      focus();
    });
  };
  /** @type {QuestionView[]} */
  const questions = items.map((item, i) => question(item, {
    title: many ? `Question ${i + 1} of ${items.length}` : null, places, asksCertainty: () => certaintyBox.checked,
    seeds, save: (entry) => saveAnswer(item, i, entry),
  }));

  const { node: filter, none, choose } = questionFilter(() => questions, verdicts);
  const restartButton = button("Answer all again", () => {
    log?.setSetting(restartKey(items), Date.now());
    model.set("answers", {});
    model.save_changes();
    choose("all");
    questions[0].focus();
  });
  const refresh = () => {
    const all = entries();
    const given = all.filter((entry) => entry !== undefined);
    const right = given.filter(({ verdict }) => verdict === "right").length;
    questions.forEach(({ showStored }, i) => showStored(all[i]));
    progress.textContent = `${given.length} of ${items.length} answered, ${right} right`;
    restartButton.hidden = given.length === 0;
    summary.replaceChildren(...(many && given.length === items.length ? quizResult(items, given, places) : []));
  };

  if (log) {
    model.set("answers", { ...await earlierAnswers(log, items, questions), ...model.get("answers") });
    await showNotice();
  }
  model.on("change:answers", refresh);
  refresh();
  const graded = items.some(({ type }) => type !== "open" && type !== "card");
  const offersCertainty = graded && (many || certaintyBox.checked); // not beside each exercise of a page
  const tools = h("div", { class: "sk-tools" },
    many ? progress : null,
    many && items.length > 3 ? filter : null,
    offersCertainty ? h("label", {}, certaintyBox, " Ask how sure I am") : null,
    many ? restartButton : null);
  el.append(h("div", { class: "sk sk-quiz" }, tools, warning, questions.map(({ node }) => node), none, summary));
  const unprint = printAnswers(el, () => questions);
  return () => {
    model.off("change:answers", refresh);
    unprint();
  };
};

export default { render };
