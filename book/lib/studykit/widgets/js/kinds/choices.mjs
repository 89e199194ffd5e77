// One choice, or several.

import { h, uniqueId } from "../dom.mjs";
import { inlineMarkup, paragraph, verdictItem, verdictList, verdictMark, verdictSlot } from "../elements.mjs";
import { arranged } from "../shuffle.mjs";

/** @import { AnswerForm, Choices, SaveAnswer } from "../types.d.ts" */

/** What a choice's mark says. @type {(chosen: boolean, correct: boolean, one: boolean) => string} */
const choiceVerdict = (chosen, correct, one) => {
  if (chosen) return correct ? "Right" : "Wrong";
  return one ? "The right one" : "Missed";
};

/**
 * In the order of a seed on the screen, in the bank's own in print.
 *
 * @type {(task: Choices, keep?: SaveAnswer, seed?: number) => AnswerForm}
 */
export const choices = ({ type, choices, keep_order: fixed }, _keep, seed) => {
  const one = type === "mcq";
  const name = uniqueId("choice");
  const rows = arranged(choices, fixed ? undefined : seed).map((choice) => {
    const row = { choice, input: h("input", { type: one ? "radio" : "checkbox", name }), mark: verdictSlot() };
    const text = h("span", {}, inlineMarkup(choice.text), row.mark);
    const style = `order: ${choices.indexOf(choice)}`; // in print
    return { ...row, node: h("label", { class: "sk-choice", style }, row.input, text) };
  });
  return {
    body: [h("div", { class: "sk-choices" }, rows.map(({ node }) => node))],
    read: () => {
      const chosen = rows.filter(({ input }) => input.checked).map(({ choice }) => choice);
      const ids = choices.filter((choice) => chosen.includes(choice)).map(({ id }) => id); // whatever the order shown
      if (ids.length === 0) return { prompt: one ? "Choose an answer first." : "Choose at least one." };
      return { answer: one ? ids[0] : ids };
    },
    showAnswer: (answer) => rows.forEach(({ choice, input }) => (input.checked = [answer].flat().includes(choice.id))),
    isRight: (answer) => choices.every(({ id, correct = false }) => correct === [answer].flat().includes(id)),
    feedback: (answer) => {
      /** @type {HTMLElement[]} */
      const lines = [];
      for (const { choice: { id, text, correct = false, feedback, missed }, mark } of rows) {
        const chosen = [answer].flat().includes(id);
        if (!chosen && !correct) continue;
        const isRight = chosen ? correct : one;
        const word = choiceVerdict(chosen, correct, one);
        mark.replaceChildren(verdictMark(isRight, word));
        if (one && chosen) lines.push(paragraph(inlineMarkup(feedback)));
        if (!one) lines.push(verdictItem(isRight, word, text, chosen ? feedback : missed ?? feedback));
      }
      return one ? lines : verdictList(lines);
    },
  };
};
