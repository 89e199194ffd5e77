// An open question: a text to compare with a good answer, and a rubric to score it by.

import { h, uid } from "../dom.mjs";
import { button, list, paragraph, rich } from "../elements.mjs";

/** @import { Child, Form, Keep, Open, Scores } from "../types.d.ts" */

/** @type {(title: string, ...content: Child[]) => Child[]} */
const titled = (title, ...content) => [h("p", {}, h("strong", {}, title)), ...content];
/** A text of several paragraphs. @param {string} text */
const paragraphs = (text) => text.split(/\n\n+/).map((part) => paragraph(rich(part)));

/** What a good answer holds, and what a weak one lacks. @type {(task: Open) => Child[]} */
const guidance = ({ plan, model, weak, listens_for: listens }) => [
  titled("A good answer goes through", list("ol", plan.map(({ beat }) => beat))),
  model ? titled(`Strong answer${model.invented ? ", with an invented story" : ""}`, ...paragraphs(model.text)) : [],
  weak ? titled("Weak answer", paragraph(rich(weak.text)), list("ul", weak.why)) : [],
  listens ? titled("They listen for", list("ul", listens)) : [],
].flat();

/**
 * A rubric to score one's own answer by. `kept` gets the points by row once every row has some.
 *
 * @param {Open["rubric"]} rubric
 * @param {Scores | undefined} scores given before
 * @param {(scores: Scores) => void} kept
 * @returns {Child[]}
 */
const scoring = (rubric, scores, kept) => {
  const told = h("p", { class: "sk-quiet" });
  const rows = rubric.map(({ id, name, anchors }) => {
    const group = uid("row");
    const radios = Object.entries(anchors).map(([value, text]) => {
      const checked = scores?.[id] === Number(value);
      return { points: Number(value), text, input: h("input", { type: "radio", name: group, value, checked }) };
    });
    const choices = radios.map(({ points, text, input }) =>
      h("label", { class: "sk-choice" }, input, h("span", {}, h("strong", {}, `${points}. `), rich(text))));
    return { id, radios, node: h("fieldset", { class: "sk-row-score" }, h("legend", {}, rich(name)), choices) };
  });
  const put = button("Keep my score", () => {
    const given = rows.flatMap(({ id, radios }) => {
      const chosen = radios.find(({ input }) => input.checked);
      return chosen ? [[id, chosen.points]] : [];
    });
    const missing = rows.length - given.length;
    told.textContent = missing ? `Score every row first: ${missing} left.` : "Your score is kept.";
    if (!missing) kept(Object.fromEntries(given));
  });
  return [...rows.map(({ node }) => node), h("div", { class: "sk-row" }, put), told];
};

/** @type {(task: Open, keep: Keep) => Form<string>} */
export const open = (task, keep) => {
  const { rubric, probes } = task;
  const field = h("textarea", { rows: 6, id: uid("answer"), maxlength: 20_000 });
  /** @param {Scores} scores */
  const kept = (scores) => keep(field.value, "seen", { scores });
  return {
    label: "Compare",
    body: [h("label", { for: field.id }, "Your answer, in notes or in full"), field],
    read: () => (field.value.trim() ? { answer: field.value } : { ask: "Note at least the points you would make." }),
    put: (answer) => (field.value = answer),
    lines: (_, entry) => [
      ...guidance(task),
      ...titled("Score yourself", ...scoring(rubric, entry?.scores, kept)),
      ...titled("Then answer", list("ul", probes.map(({ ask, listens_for: want }) => `${ask} (${want})`))),
    ],
  };
};
