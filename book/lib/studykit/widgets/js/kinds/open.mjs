// An open question: a text to compare with a good answer, and a rubric to score it by.

import { h, uniqueId } from "../dom.mjs";
import { button, inlineMarkup, list, paragraph } from "../elements.mjs";

/** @import { AnswerForm, Child, Open, SaveAnswer, Scores } from "../types.d.ts" */

/** @type {(title: string, ...content: Child[]) => Child[]} */
const titledPart = (title, ...content) => [h("p", {}, h("strong", {}, title)), ...content];
/** A text of several paragraphs. @param {string} text */
const paragraphs = (text) => text.split(/\n\n+/).map((part) => paragraph(inlineMarkup(part)));

/** What a good answer holds, and what a weak one lacks. @type {(task: Open) => Child[]} */
const guidance = ({ plan, model, weak, listens_for: listens }) => [
  titledPart("A good answer goes through", list("ol", plan.map(({ beat }) => beat))),
  model
    ? titledPart(`Strong answer${model.invented ? ", with an invented story" : ""}`, ...paragraphs(model.text)) : [],
  weak ? titledPart("Weak answer", paragraph(inlineMarkup(weak.text)), list("ul", weak.why)) : [],
  listens ? titledPart("They listen for", list("ul", listens)) : [],
].flat();

/**
 * A rubric to score one's own answer by. `kept` gets the points by row once every row has some.
 *
 * @param {Open["rubric"]} rubric
 * @param {Scores | undefined} scores given before
 * @param {(scores: Scores) => void} kept
 * @returns {Child[]}
 */
const rubricForm = (rubric, scores, kept) => {
  const statusLine = h("p", { class: "sk-quiet" });
  const rows = rubric.map(({ id, name, anchors }) => {
    const group = uniqueId("row");
    const radios = Object.entries(anchors).map(([value, text]) => {
      const checked = scores?.[id] === Number(value);
      return { points: Number(value), text, input: h("input", { type: "radio", name: group, value, checked }) };
    });
    const choices = radios.map(({ points, text, input }) =>
      h("label", { class: "sk-choice" }, input, h("span", {}, h("strong", {}, `${points}. `), inlineMarkup(text))));
    return { id, radios, node: h("fieldset", { class: "sk-row-score" }, h("legend", {}, inlineMarkup(name)), choices) };
  });
  const put = button("Keep my score", () => {
    const given = rows.flatMap(({ id, radios }) => {
      const chosen = radios.find(({ input }) => input.checked);
      return chosen ? [[id, chosen.points]] : [];
    });
    const missing = rows.length - given.length;
    statusLine.textContent = missing ? `Score every row first: ${missing} left.` : "Your score is kept.";
    if (!missing) kept(Object.fromEntries(given));
  });
  return [...rows.map(({ node }) => node), h("div", { class: "sk-row" }, put), statusLine];
};

/** @type {(task: Open, keep: SaveAnswer) => AnswerForm<string>} */
export const open = (task, keep) => {
  const { rubric, probes } = task;
  const field = h("textarea", { rows: 6, id: uniqueId("answer"), maxlength: 20_000 });
  /** @param {Scores} scores */
  const saveScores = (scores) => keep(field.value, "seen", { scores });
  return {
    label: "Compare",
    body: [h("label", { for: field.id }, "Your answer, in notes or in full"), field],
    read: () => (field.value.trim() ? { answer: field.value } : { prompt: "Note at least the points you would make." }),
    showAnswer: (answer) => (field.value = answer),
    feedback: (_, entry) => [
      ...guidance(task),
      ...titledPart("Score yourself", ...rubricForm(rubric, entry?.scores, saveScores)),
      ...titledPart("Then answer", list("ul", probes.map(({ ask, listens_for: want }) => `${ask} (${want})`))),
    ],
  };
};
