// A number with its unit.

import { h, uniqueId } from "../dom.mjs";
import { inlineMarkup, list, paragraph } from "../elements.mjs";
import { parseAnswer, withUnit } from "../numeric_answer.mjs";

/** @import { AnswerForm, Numeric } from "../types.d.ts" */

/** @type {(task: Numeric) => AnswerForm<string>} */
export const numeric = (task) => {
  const { unit, digits, answer: key, slips, steps } = task;
  const echo = h("span", { class: "sk-quiet", id: uniqueId("echo") });
  /** @type {HTMLInputElement} */
  const field = h("input", {
    type: "text", id: uniqueId("number"), inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": echo.id,
    oninput: () => (echo.textContent = parseAnswer(task, field.value).read ?? ""),
  });
  const places = digits === 0 ? "to a whole number" : digits === 1 ? "to one decimal" : `to ${digits} decimals`;
  /** @type {(answer: string) => (target: { value: number, tolerance: number }) => boolean} */
  const isWithin = (answer) => {
    const { value = NaN } = parseAnswer(task, answer);
    return (target) => Math.abs(value - target.value) <= target.tolerance;
  };
  return {
    body: [h("div", { class: "sk-typed" },
      h("label", { for: field.id }, `Your answer in ${unit}, ${places}`), field, echo)],
    read: () => {
      const { error } = parseAnswer(task, field.value);
      return error === undefined ? { answer: field.value } : { prompt: error };
    },
    showAnswer: (answer) => {
      field.value = answer;
      echo.textContent = parseAnswer(task, answer).read ?? "";
    },
    isRight: (answer) => isWithin(answer)(key),
    feedback: (answer) => {
      const slip = isWithin(answer)(key) ? undefined : slips.find(isWithin(answer));
      return [
        paragraph(parseAnswer(task, answer).read ?? "", ` The answer is ${withUnit(key.text, unit)}.`),
        slip && paragraph(inlineMarkup(slip.feedback)),
        steps.length ? list("ol", steps) : null,
      ];
    },
  };
};
