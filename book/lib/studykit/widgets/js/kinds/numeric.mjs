// A number with its unit.

import { h, uid } from "../dom.mjs";
import { list, paragraph, rich } from "../elements.mjs";
import { inUnit, understood } from "../numeric_answer.mjs";

/** @import { Form, Numeric } from "../types.d.ts" */

/** @type {(task: Numeric) => Form<string>} */
export const numeric = (task) => {
  const { unit, digits, answer: key, slips, steps } = task;
  const echo = h("span", { class: "sk-quiet", id: uid("echo") });
  /** @type {HTMLInputElement} */
  const field = h("input", {
    type: "text", id: uid("number"), inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": echo.id,
    oninput: () => (echo.textContent = understood(task, field.value).read ?? ""),
  });
  const places = digits === 0 ? "to a whole number" : digits === 1 ? "to one decimal" : `to ${digits} decimals`;
  /** @type {(answer: string) => (target: { value: number, tolerance: number }) => boolean} */
  const near = (answer) => {
    const { value = NaN } = understood(task, answer);
    return (target) => Math.abs(value - target.value) <= target.tolerance;
  };
  return {
    body: [h("div", { class: "sk-typed" },
      h("label", { for: field.id }, `Your answer in ${unit}, ${places}`), field, echo)],
    read: () => {
      const { error } = understood(task, field.value);
      return error === undefined ? { answer: field.value } : { ask: error };
    },
    put: (answer) => {
      field.value = answer;
      echo.textContent = understood(task, answer).read ?? "";
    },
    verdict: (answer) => near(answer)(key),
    lines: (answer) => {
      const slip = near(answer)(key) ? undefined : slips.find(near(answer));
      return [
        paragraph(understood(task, answer).read ?? "", ` The answer is ${inUnit(key.text, unit)}.`),
        slip && paragraph(rich(slip.feedback)),
        steps.length ? list("ol", steps) : null,
      ];
    },
  };
};
