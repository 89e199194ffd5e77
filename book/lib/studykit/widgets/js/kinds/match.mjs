// Rows to match, each with a select.

import { h, uid } from "../dom.mjs";
import { mark, point, points, rich, said } from "../elements.mjs";

/** @import { Form, Match } from "../types.d.ts" */

/** @type {(task: Match) => Form<string[]>} */
export const match = ({ pairs, rights }) => {
  /** @param {string} right */
  const letter = (right) => String.fromCharCode(65 + rights.indexOf(right));
  const rows = pairs.map((pair) => {
    const select = h("select", { id: uid("match") }, h("option", {}, "Choose"),
      rights.map((right) => h("option", {}, `${letter(right)}. ${right}`)));
    const row = { ...pair, select, mark: mark() };
    const label = h("label", { for: select.id }, rich(pair.left));
    return { ...row, node: h("div", { class: "sk-pair" }, label, select, row.mark) };
  });
  /** @param {string[]} answer */
  const good = (answer) => rows.map(({ right }, i) => answer[i] === right);
  return {
    body: [h("ol", { type: "A" }, rights.map((right) => h("li", {}, rich(right)))), ...rows.map(({ node }) => node)],
    read: () => (rows.every(({ select }) => select.selectedIndex > 0)
      ? { answer: rows.map(({ select }) => rights[select.selectedIndex - 1]) } : { ask: "Choose one for every row." }),
    put: (answer) => rows.forEach(({ select }, i) => (select.selectedIndex = rights.indexOf(answer[i]) + 1)),
    verdict: (answer) => good(answer).every(Boolean),
    lines: (answer) => {
      const fits = good(answer);
      rows.forEach(({ right, mark }, i) =>
        mark.replaceChildren(said(fits[i], fits[i] ? "Right" : `Wrong: ${letter(right)}`)));
      const missed = rows.filter((_, i) => !fits[i]);
      return points(missed.map(({ left, right, feedback }) => point(false, letter(right), left, feedback)));
    },
  };
};
