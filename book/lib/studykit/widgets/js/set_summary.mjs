// What a list of questions says beside them: where answers are kept, how it went, what to read, the answers in print.

import { h } from "./dom.mjs";
import { downloadLog } from "./download.mjs";
import { button, paragraph, sectionLink } from "./elements.mjs";
import { printWith } from "./print.mjs";
import { CERTAINTY_LEVELS, printedKey } from "./task.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Places, QuestionView, Verdict } from "./types.d.ts" */

/**
 * What a reader should know about their answers: that they cannot be kept, or that no file holds them.
 *
 * @param {Log} log
 * @param {number | undefined} days since the oldest answer that no file holds
 */
export const storageNotice = (log, days) => {
  if (!log.problem && !days) return [];
  const saved = h("span", { class: "sk-quiet" });
  const text = log.problem
    || `Your answers of the last ${days} days are in this browser only, and a browser may delete them.`;
  return [h("div", { class: "sk-notice" }, paragraph(text), h("div", { class: "sk-row" },
    button("Save them to a file", () => downloadLog(log).then(() => (saved.textContent = "Saved.")))), saved)];
};

/** The keys of questions, in print. @param {QuestionView[]} questions */
const printedKeys = (questions) => questions.map(({ item, version }) => {
  const { texts, explain } = printedKey({ ...item, variants: item.variants && [item.variants[version()]] });
  return h("li", {}, h("strong", {}, texts.join("; ")), " ", explain);
});

/**
 * Put the answers on a last page when printing starts, and take them away afterwards; gives what ends that.
 *
 * @param {HTMLElement} el
 * @param {() => QuestionView[]} questions
 */
export const printAnswers = (el, questions) => printWith(el, "sk-answers",
  () => [h("p", { class: "sk-title" }, "Answers"), h("ol", {}, printedKeys(questions()))]);

/**
 * What to read again after wrong answers, as a list of places.
 *
 * @param {{ learn?: string }[]} items
 * @param {(Verdict | undefined)[]} verdicts
 * @param {Places} places
 */
export const readNext = (items, verdicts, places) => {
  const weak = new Set(items.flatMap(({ learn }, i) => (verdicts[i] === "wrong" && learn ? [learn] : [])));
  if (weak.size) {
    return [paragraph("Read next:"), h("ul", {}, [...weak].map((learn) => h("li", {}, sectionLink(learn, places))))];
  }
  if (items.some((_, i) => !verdicts[i])) return []; // what was not answered may need reading
  return [paragraph("Nothing to read again. Answer them once more in a few days: what is spaced out stays longer.")];
};

/**
 * Right answers by certainty, against what each level promises; nothing where nobody was asked.
 *
 * @param {({ verdict: Verdict, certainty?: number } | undefined)[]} entries
 */
export const calibrationSummary = (entries) => {
  const asked = entries.filter((entry) => entry !== undefined).filter(({ certainty }) => certainty);
  if (asked.length === 0) return [];
  const rows = CERTAINTY_LEVELS.map((name, i) => {
    const level = asked.filter(({ certainty }) => certainty === i + 1);
    const right = level.filter(({ verdict }) => verdict === "right").length;
    return level.length ? h("li", {}, `${name}: ${right} of ${level.length} right.`) : null;
  });
  return [paragraph("How sure you were:"), h("ul", {}, rows),
    paragraph("“Sure” pays where you are right at least four times in five; below two in three, say “not sure”.")];
};
