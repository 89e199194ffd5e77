// What is known of a question without showing it.

import { withUnit } from "./numeric_answer.mjs";

/** @import { GivenAnswer, Kind, Task } from "./types.d.ts" */

/** Kinds that can be judged without the reader. @type {Kind[]} */
export const GRADED = ["mcq", "multi", "numeric", "order", "match", "cloze"];
export const CERTAINTY_LEVELS = ["Not sure", "Fairly sure", "Sure"];

/** One version of an item. @type {(item: Task, version?: number) => Task} */
export const versionOf = (item, version = 0) => /** @type {Task} */ ({ ...item, ...item.variants?.[version] });

/** @type {(task: Task) => string[]} */
const keyTexts = (task) => {
  switch (task.type) {
    case "numeric": return [withUnit(task.answer.text, task.unit)];
    case "order": return task.solution.map((id) => task.rows.find((row) => row.id === id)?.text ?? "");
    case "match": return task.pairs.map(({ left, right }) => `${left} ${right}`);
    case "cloze": return Object.values(task.blanks).map(({ accept }) => accept[0]);
    case "card": return [task.back];
    case "open": return task.plan.map(({ beat }) => beat);
    default: return task.choices.filter(({ correct }) => correct).map(({ text }) => text);
  }
};

/** The key of a question in print. @param {Task} item */
export const printedKey = (item) => {
  const task = versionOf(item);
  return { texts: keyTexts(task), explain: task.explain };
};

/** Whether an answer was given to the question as it now is. @type {(item: Task, entry: GivenAnswer) => boolean} */
export const isCurrent = (item, { rev, seed }) =>
  rev === item.rev && (!item.variants || item.variants.some((variant) => variant.seed === seed));

/** What the log keeps of an answer: it counts the tries itself. @param {GivenAnswer} entry */
export const logFields = (entry) => {
  const kept = { ...entry };
  delete kept.tries;
  return kept;
};
