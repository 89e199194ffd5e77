// What is known of a question without showing it.

import { inUnit } from "./numeric_answer.mjs";

/** @import { Given, Kind, Task } from "./types.d.ts" */

/** Kinds that can be judged without the reader. @type {Kind[]} */
export const GRADED = ["mcq", "multi", "numeric", "order", "match", "cloze"];
export const SURE = ["Not sure", "Fairly sure", "Sure"];

/** One version of an item. @type {(item: Task, version?: number) => Task} */
export const versionOf = (item, version = 0) => /** @type {Task} */ ({ ...item, ...item.variants?.[version] });

/** @type {(task: Task) => string[]} */
const keyOf = (task) => {
  switch (task.type) {
    case "numeric": return [inUnit(task.answer.text, task.unit)];
    case "order": return task.solution.map((id) => task.rows.find((row) => row.id === id)?.text ?? "");
    case "match": return task.pairs.map(({ left, right }) => `${left} ${right}`);
    case "cloze": return Object.values(task.blanks).map(({ accept }) => accept[0]);
    case "card": return [task.back];
    case "open": return task.plan.map(({ beat }) => beat);
    default: return task.choices.filter(({ correct }) => correct).map(({ text }) => text);
  }
};

/** The key of a question in print. @param {Task} item */
export const solution = (item) => {
  const task = versionOf(item);
  return { texts: keyOf(task), explain: task.explain };
};

/** Whether an answer was given to the question as it now is. @type {(item: Task, entry: Given) => boolean} */
export const current = (item, { rev, seed }) =>
  rev === item.rev && (!item.variants || item.variants.some((variant) => variant.seed === seed));

/** What the log keeps of an answer: it counts the tries itself. @param {Given} entry */
export const logged = (entry) => {
  const kept = { ...entry };
  delete kept.tries;
  return kept;
};
