// Steps to put in order, with buttons or by dragging.

import { h } from "../dom.mjs";
import {
  button, inlineMarkup, list, paragraph, verdictItem, verdictList, verdictMark, verdictSlot,
} from "../elements.mjs";

/** @import { AnswerForm, Order } from "../types.d.ts" */

/** @type {(task: Order) => AnswerForm<string[]>} */
export const order = ({ rows, solution }) => {
  const steps = Object.fromEntries(rows.map((row) => {
    const text = h("span", {}, inlineMarkup(row.text));
    const up = button("↑", () => move(row.id, -1));
    const down = button("↓", () => move(row.id, 1));
    const step = { ...row, up, down, mark: verdictSlot(), label: text.textContent };
    const grip = h("span", {
      class: "sk-grip", "aria-hidden": "true", onpointerdown: (event) => drag(event, row.id),
    }, "⠿");
    const node = h("li", {}, grip, h("div", {}, text, step.mark), h("span", { class: "sk-moves" }, up, down));
    return [row.id, { ...step, node }];
  }));
  const body = h("ol", { class: "sk-order" });
  /** @type {string[]} */
  let ids;
  /** @param {string[]} answer */
  const showAnswer = (answer) => {
    ids = [...answer];
    ids.forEach((id, i) => {
      const { up, down, label, node } = steps[id];
      up.disabled = i === 0;
      down.disabled = i === ids.length - 1;
      up.setAttribute("aria-label", `Move up, now ${i + 1} of ${ids.length}: ${label}`);
      down.setAttribute("aria-label", `Move down, now ${i + 1} of ${ids.length}: ${label}`);
      if (body.children[i] !== node) body.insertBefore(node, body.children[i] ?? null);
    });
  };
  const notifyInput = () => body.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {(id: string, by: number) => void} */
  const move = (id, by) => {
    const at = ids.indexOf(id);
    showAnswer(ids.with(at, ids[at + by]).with(at + by, id));
    const { up, down } = steps[id];
    const [pressed, other] = by < 0 ? [up, down] : [down, up];
    (pressed.disabled ? other : pressed).focus(); // moving a row takes the focus from its buttons
    notifyInput();
  };
  /** Beside the buttons: a row follows the pointer that holds its grip. @type {(event: Event, id: string) => void} */
  const drag = (event, id) => {
    event.preventDefault();
    const { node } = steps[id];
    /** @param {PointerEvent} event */
    const follow = ({ clientY }) => {
      const others = ids.filter((other) => other !== id);
      /** @param {string} other */
      const middle = (other) => {
        const { top, height } = steps[other].node.getBoundingClientRect();
        return top + height / 2;
      };
      const at = others.filter((other) => middle(other) < clientY).length;
      if (ids.indexOf(id) === at) return;
      showAnswer(others.toSpliced(at, 0, id));
      notifyInput();
    };
    const drop = () => {
      node.classList.remove("sk-held");
      document.removeEventListener("pointermove", follow);
    };
    node.classList.add("sk-held");
    document.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { once: true });
  };
  showAnswer(rows.map(({ id }) => id));
  /** @param {string[]} answer */
  const misplaced = (answer) => answer.map((id) => steps[id])
    .filter(({ id, after }) => after.some((before) => answer.indexOf(before) > answer.indexOf(id)));
  return {
    body: [body],
    read: () => ({ answer: ids }),
    showAnswer,
    isRight: (answer) => misplaced(answer).length === 0,
    feedback: (answer) => {
      const found = misplaced(answer);
      found.forEach(({ mark }) => mark.replaceChildren(verdictMark(false, "Too early")));
      return found.length === 0 ? [] : [
        ...verdictList(found.map(({ text, why }) => verdictItem(false, "Too early", text, why))),
        paragraph("An order that works:"), list("ol", solution.map((id) => steps[id].text)),
      ];
    },
  };
};
