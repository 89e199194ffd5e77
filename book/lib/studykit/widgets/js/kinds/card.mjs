// A card to turn over.

import { h } from "../dom.mjs";
import { button, inlineMarkup, paragraph } from "../elements.mjs";

/** @import { AnswerForm, Card, SaveAnswer, Verdict } from "../types.d.ts" */

/** @type {(task: Card, keep: SaveAnswer) => AnswerForm<string>} */
export const card = ({ front, back }, keep) => ({
  label: "Turn over",
  body: [h("p", {}, inlineMarkup(front))],
  read: () => ({ answer: "", deferred: true }), // kept once the reader says whether they knew it
  showAnswer: () => {},
  feedback: (_, entry) => {
    const before = entry && (entry.verdict === "right" ? "You knew it." : "You forgot it.");
    const statusLine = h("p", { class: "sk-quiet" }, before ?? "");
    /** @type {(verdict: Verdict, words: string) => () => void} */
    const rate = (verdict, words) => () => {
      keep("", verdict);
      statusLine.textContent = words;
    };
    return [
      paragraph(inlineMarkup(back)),
      h("div", { class: "sk-row" },
        button("I knew it", rate("right", "Noted: you knew it.")),
        button("I forgot", rate("wrong", "Noted: you forgot it."))),
      statusLine,
    ];
  },
});
