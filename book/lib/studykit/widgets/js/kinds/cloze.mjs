// A text with blanks to fill.

import { h } from "../dom.mjs";
import { inlineMarkup, verdictItem, verdictList, verdictMark, verdictSlot } from "../elements.mjs";

/** @import { AnswerForm, Cloze } from "../types.d.ts" */

export const SLOT = /\{\{\s*(\w+)\s*\}\}/;
/** @typedef {{ accept: string[], feedback: string, field: HTMLInputElement, mark: HTMLElement }} Blank */

/** @type {(task: Cloze) => AnswerForm<string[]>} */
export const cloze = ({ text, blanks }) => {
  /** @param {string} words */
  const normalize = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
  /** @type {Blank[]} */
  const rows = [];
  const body = text.split(SLOT).map((part, i) => {
    if (i % 2 === 0) return inlineMarkup(part);
    const field = h("input", {
      type: "text", autocomplete: "off", maxlength: 200, "aria-label": `Blank ${rows.length + 1}`,
    });
    const row = { ...blanks[part], field, mark: verdictSlot() };
    rows.push(row);
    return [field, row.mark];
  });
  /** @param {string[]} answer */
  const correctBlanks = (answer) =>
    rows.map(({ accept }, i) => accept.map(normalize).includes(normalize(answer[i] ?? "")));
  return {
    body: [h("p", { class: "sk-cloze" }, body.flat())],
    read: () => (rows.every(({ field }) => field.value.trim())
      ? { answer: rows.map(({ field }) => field.value) } : { prompt: "Fill every blank first." }),
    showAnswer: (answer) => rows.forEach(({ field }, i) => (field.value = answer[i] ?? "")),
    isRight: (answer) => correctBlanks(answer).every(Boolean),
    feedback: (answer) => {
      const fits = correctBlanks(answer);
      rows.forEach(({ mark }, i) => mark.replaceChildren(verdictMark(fits[i], fits[i] ? "Right" : "Wrong")));
      const missed = rows.filter((_, i) => !fits[i]);
      return verdictList(missed.map(({ accept, feedback }) => verdictItem(false, "Wanted", accept[0], feedback)));
    },
  };
};
