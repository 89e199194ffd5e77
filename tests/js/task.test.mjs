// What is known of a question without showing it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isCurrent, logFields, printedKey } from "../../book/lib/studykit/widgets/js/task.mjs";
import { parseAnswer } from "../../book/lib/studykit/widgets/js/numeric_answer.mjs";

const item = (type, more) => ({ id: "one", rev: 2, type, stem: "Why?", explain: "So.", ...more });
const VARIANTS = [
  { seed: 3, answer: { text: "15.3" }, explain: "First." },
  { seed: 9, answer: { text: "4" }, explain: "Second." },
];

test("the key of each kind prints", () => {
  const choices = [{ text: "A", correct: true }, { text: "B" }, { text: "C", correct: true }];
  for (const [type, more, texts] of [
    ["mcq", { choices: choices.slice(0, 2) }, ["A"]],
    ["multi", { choices }, ["A", "C"]],
    ["order", { rows: [{ id: "x", text: "X" }, { id: "y", text: "Y" }], solution: ["y", "x"] }, ["Y", "X"]],
    ["match", { pairs: [{ left: "L", right: "R" }] }, ["L R"]],
    ["cloze", { blanks: { one: { accept: ["in", "into"] } } }, ["in"]],
    ["open", { plan: [{ beat: "First" }, { beat: "Then" }] }, ["First", "Then"]],
    ["card", { back: "Behind" }, ["Behind"]],
  ]) assert.deepEqual(printedKey(item(type, more)), { texts, explain: "So." }, type);
  const numeric = item("numeric", { unit: "%", variants: VARIANTS });
  assert.deepEqual(printedKey(numeric), { texts: ["15.3%"], explain: "First." });
});

test("an answer counts for the revision and the version that it was given to", () => {
  assert.ok(isCurrent(item("mcq"), { rev: 2 }));
  assert.ok(!isCurrent(item("mcq"), { rev: 1 }));
  assert.ok(isCurrent(item("numeric", { variants: VARIANTS }), { rev: 2, seed: 9 }));
  assert.ok(!isCurrent(item("numeric", { variants: VARIANTS }), { rev: 2, seed: 4 }));
});

test("the log counts tries itself", () => {
  const entry = { rev: 2, answer: "a", verdict: "right", tries: 3 };
  assert.deepEqual(logFields(entry), { rev: 2, answer: "a", verdict: "right" });
  assert.equal(entry.tries, 3);
});

test("a typed answer is read in the question's unit", () => {
  const task = { unit: "claims per 100 returns", units: { "claims per 100 returns": 1 } };
  assert.equal(parseAnswer(task, "4 claims per 100 returns").value, 4);
  assert.equal(parseAnswer({ unit: "%", units: { "%": 1 } }, "12.5%").value, 12.5);
  assert.equal(parseAnswer({ unit: "%", units: { "%": 1 } }, "12.5").read, "Read as 12.5%.");
  const thousands = { unit: "thousand USD", units: { "thousand usd": 1, usd: 0.001, $: 0.001 } };
  assert.equal(parseAnswer(thousands, "51k").read, "Read as 51 thousand USD.");
  assert.equal(parseAnswer(thousands, "$51,000").read, "Read as $51000.");
  assert.equal(parseAnswer({ unit: "%", units: {} }, "0.05").error,
    "Do you mean 0.05% or 5%? Type the one you mean.");
  assert.equal(parseAnswer(thousands, "$1.286,5").error, "Do you mean $1286.5? Type it so.");
  assert.match(parseAnswer({ unit: "days", units: { days: 1 } }, "3 weeks").error, /wanted in days; you typed weeks/);
});
