// A card to turn over.

import { h } from "../dom.mjs";
import { button, paragraph, rich } from "../elements.mjs";

/** @import { Card, Form, Keep, Verdict } from "../types.d.ts" */

/** @type {(task: Card, keep: Keep) => Form<string>} */
export const card = ({ front, back }, keep) => ({
  label: "Turn over",
  body: [h("p", {}, rich(front))],
  read: () => ({ answer: "", wait: true }), // kept once the reader says whether they knew it
  put: () => {},
  lines: (_, entry) => {
    const before = entry && (entry.verdict === "right" ? "You knew it." : "You forgot it.");
    const rated = h("p", { class: "sk-quiet" }, before ?? "");
    /** @type {(verdict: Verdict, words: string) => () => void} */
    const rate = (verdict, words) => () => {
      keep("", verdict);
      rated.textContent = words;
    };
    return [
      paragraph(rich(back)),
      h("div", { class: "sk-row" },
        button("I knew it", rate("right", "Noted: you knew it.")),
        button("I forgot", rate("wrong", "Noted: you forgot it."))),
      rated,
    ];
  },
});
