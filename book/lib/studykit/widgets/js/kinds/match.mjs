// Rows to match, each with a select.

import { h, uniqueId } from "../dom.mjs";
import { inlineMarkup, verdictItem, verdictList, verdictMark, verdictSlot } from "../elements.mjs";

/** @import { AnswerForm, Match } from "../types.d.ts" */

/** @type {(task: Match) => AnswerForm<string[]>} */
export const match = ({ pairs, rights }) => {
  /** @param {string} right */
  const letter = (right) => String.fromCharCode(65 + rights.indexOf(right));
  const rows = pairs.map((pair) => {
    const select = h("select", { id: uniqueId("match") }, h("option", {}, "Choose"),
      rights.map((right) => h("option", {}, `${letter(right)}. ${right}`)));
    const row = { ...pair, select, mark: verdictSlot() };
    const label = h("label", { for: select.id }, inlineMarkup(pair.left));
    return { ...row, node: h("div", { class: "sk-pair" }, label, select, row.mark) };
  });
  /** @param {string[]} answer */
  const correctPairs = (answer) => rows.map(({ right }, i) => answer[i] === right);
  return {
    body: [
      h("ol", { type: "A" }, rights.map((right) => h("li", {}, inlineMarkup(right)))), ...rows.map(({ node }) => node),
    ],
    read: () => (rows.every(({ select }) => select.selectedIndex > 0)
      ? { answer: rows.map(({ select }) => rights[select.selectedIndex - 1]) }
      : { prompt: "Choose one for every row." }),
    showAnswer: (answer) => rows.forEach(({ select }, i) => (select.selectedIndex = rights.indexOf(answer[i]) + 1)),
    isRight: (answer) => correctPairs(answer).every(Boolean),
    feedback: (answer) => {
      const fits = correctPairs(answer);
      rows.forEach(({ right, mark }, i) =>
        mark.replaceChildren(verdictMark(fits[i], fits[i] ? "Right" : `Wrong: ${letter(right)}`)));
      const missed = rows.filter((_, i) => !fits[i]);
      return verdictList(missed.map(({ left, right, feedback }) => verdictItem(false, letter(right), left, feedback)));
    },
  };
};
