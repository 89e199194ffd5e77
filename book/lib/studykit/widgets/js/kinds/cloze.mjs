// A text with blanks to fill.

import { h } from "../dom.mjs";
import { mark, point, points, rich, said } from "../elements.mjs";

/** @import { Cloze, Form } from "../types.d.ts" */

const SLOT = /\{\{\s*(\w+)\s*\}\}/;
/** @typedef {{ accept: string[], feedback: string, field: HTMLInputElement, mark: HTMLElement }} Blank */

/** @type {(task: Cloze) => Form<string[]>} */
export const cloze = ({ text, blanks }) => {
  /** @param {string} words */
  const plain = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
  /** @type {Blank[]} */
  const rows = [];
  const body = text.split(SLOT).map((part, i) => {
    if (i % 2 === 0) return rich(part);
    const field = h("input", {
      type: "text", autocomplete: "off", maxlength: 200, "aria-label": `Blank ${rows.length + 1}`,
    });
    const row = { ...blanks[part], field, mark: mark() };
    rows.push(row);
    return [field, row.mark];
  });
  /** @param {string[]} answer */
  const good = (answer) => rows.map(({ accept }, i) => accept.map(plain).includes(plain(answer[i] ?? "")));
  return {
    body: [h("p", { class: "sk-cloze" }, body.flat())],
    read: () => (rows.every(({ field }) => field.value.trim())
      ? { answer: rows.map(({ field }) => field.value) } : { ask: "Fill every blank first." }),
    put: (answer) => rows.forEach(({ field }, i) => (field.value = answer[i] ?? "")),
    verdict: (answer) => good(answer).every(Boolean),
    lines: (answer) => {
      const fits = good(answer);
      rows.forEach(({ mark }, i) => mark.replaceChildren(said(fits[i], fits[i] ? "Right" : "Wrong")));
      const missed = rows.filter((_, i) => !fits[i]);
      return points(missed.map(({ accept, feedback }) => point(false, "Wanted", accept[0], feedback)));
    },
  };
};
