// One choice, or several.

import { h, uid } from "../dom.mjs";
import { mark, paragraph, point, points, rich, said } from "../elements.mjs";

/** @import { Choices, Form } from "../types.d.ts" */

/** What a choice's mark says. @type {(chosen: boolean, correct: boolean, one: boolean) => string} */
const choiceWord = (chosen, correct, one) => {
  if (chosen) return correct ? "Right" : "Wrong";
  return one ? "The right one" : "Missed";
};

/** @type {(task: Choices) => Form} */
export const choices = ({ type, choices }) => {
  const one = type === "mcq";
  const name = uid("choice");
  const rows = choices.map((choice) => {
    const row = { choice, input: h("input", { type: one ? "radio" : "checkbox", name }), mark: mark() };
    return { ...row, node: h("label", { class: "sk-choice" }, row.input, h("span", {}, rich(choice.text), row.mark)) };
  });
  return {
    body: rows.map(({ node }) => node),
    read: () => {
      const ids = rows.filter(({ input }) => input.checked).map(({ choice }) => choice.id);
      if (ids.length === 0) return { ask: one ? "Choose an answer first." : "Choose at least one." };
      return { answer: one ? ids[0] : ids };
    },
    put: (answer) => rows.forEach(({ choice, input }) => (input.checked = [answer].flat().includes(choice.id))),
    verdict: (answer) => choices.every(({ id, correct = false }) => correct === [answer].flat().includes(id)),
    lines: (answer) => {
      /** @type {HTMLElement[]} */
      const lines = [];
      for (const { choice: { id, text, correct = false, feedback, missed }, mark } of rows) {
        const chosen = [answer].flat().includes(id);
        if (!chosen && !correct) continue;
        const good = chosen ? correct : one;
        const word = choiceWord(chosen, correct, one);
        mark.replaceChildren(said(good, word));
        if (one && chosen) lines.push(paragraph(rich(feedback)));
        if (!one) lines.push(point(good, word, text, chosen ? feedback : missed ?? feedback));
      }
      return one ? lines : points(lines);
    },
  };
};
