// Today's list: within the minutes, each with its reason; and how ready a stage is, with what that rests on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { agenda, planOf, readiness, timeLeft } from "../../book/lib/studykit/widgets/js/agenda.mjs";
import { localDay } from "../../book/lib/studykit/widgets/js/memory.mjs";
import { entry } from "./made.mjs";

const NOW = new Date(2026, 11, 1, 18).getTime();
const STAGES = { hr: "HR screening", case: "Case study" };
const closed = (id, stage) => ({ id, rev: 1, bank: stage, type: "mcq", stage, level: "apply", learn: `page/${id}` });
const open = (id, stage, more = {}) => ({ ...closed(id, stage), type: "open", about: `About ${id}`, ...more });
const INDEX = [
  ...["a", "b", "c", "d", "e", "f"].flatMap((id) => [closed(`hr-${id}`, "hr"), closed(`case-${id}`, "case")]),
  { ...closed("case-exercise", "case"), exercise: true },
  open("hr-likely", "hr"), open("hr-why", "hr", { reported: true }), open("case-peak", "case", { reported: true }),
];
const answer = (number, item, verdict, more = {}) =>
  entry(number, { item, verdict, time: NOW - 3 * 86_400_000 + 1000 * number, ...more });
const NONE = { count: 0, urgent: 0 };
const made = ({ notes = {}, entries = [], cards = NONE, plan = {} } = {}) => agenda({
  plan: { day: "", minutes: 60, stage: "", ...plan }, index: INDEX, stages: STAGES, entries,
  notes: new Map(Object.entries(notes)), cards, now: NOW,
});
const kinds = (tasks) => tasks.map(({ kind }) => kind);

test("a plan is read from its note, and what is no plan is thirty days of forty-five minutes", () => {
  assert.deepEqual(planOf(new Map()), { day: "", minutes: 45, stage: "" });
  assert.deepEqual(planOf(new Map([["plan", { day: "2026-02-30", minutes: 1e9, stage: 5 }]])), planOf(new Map()));
  assert.deepEqual(timeLeft(planOf(new Map()), NOW), { days: 30, day: localDay(NOW) + 30, set: false });
  assert.equal(timeLeft({ day: "2026-12-11", minutes: 45, stage: "" }, NOW).days, 10);
  assert.equal(timeLeft({ day: "2026-12-01", minutes: 45, stage: "" }, NOW).days, 0);
  assert.equal(timeLeft({ day: "2026-11-30", minutes: 45, stage: "" }, NOW).set, false, "a day that is past");
});

test("without an answer the day begins with a question aloud, a story and a test", () => {
  const tasks = made();
  assert.deepEqual(kinds(tasks), ["aloud", "story", "test"]);
  assert.equal(tasks[0].item.id, "hr-why", "one that is reported comes before one that is likely");
  assert.match(tasks[2].reason, /^0 of 6 questions answered: too few/);
});

test("the list keeps to the minutes, and its first task stays", () => {
  for (const minutes of [5, 15, 30, 45, 60, 90, 120]) {
    const tasks = made({ plan: { minutes }, cards: { count: 300, urgent: 2 } });
    const sum = tasks.reduce((all, task) => all + task.minutes, 0);
    assert.ok(sum <= minutes, `${minutes}: ${sum}`);
    assert.equal(tasks[0].kind, "cards");
    assert.ok(tasks[0].minutes <= Math.ceil(0.4 * minutes) && tasks[0].count >= 1);
  }
  assert.match(made({ cards: { count: 9, urgent: 2 } })[0].reason, /^You missed 2 of them though you were sure/);
});

test("on the last day the sheet comes first", () => {
  for (const [day, word] of [["2026-12-02", "tomorrow"], ["2026-12-01", "today"]]) {
    const [first] = made({ plan: { day } });
    assert.deepEqual([first.kind, first.reason], ["sheet", `The interview is ${word}.`]);
  }
  assert.notEqual(made({ plan: { day: "2026-12-03" } })[0].kind, "sheet");
});

test("the next round's stage is asked aloud, and what was said today is not asked again", () => {
  const [aloud] = made({ plan: { stage: "case" } });
  assert.deepEqual([aloud.item.id, aloud.reason], [
    "case-peak", "Case study is your next round, and you haven't said this answer yet.",
  ]);
  const said = answer(1, "hr-why", "seen", { time: NOW - 1000, scores: { own: 1 } });
  assert.equal(made({ entries: [said], plan: { stage: "hr" } })[0].item.id, "hr-likely");
  const before = [["hr-why", 1], ["hr-likely", 5]].map(([id, own], i) => answer(i, id, "seen", { scores: { own } }));
  const [again] = made({ entries: before, plan: { stage: "hr" } });
  assert.equal(again.item.id, "hr-why");
  assert.match(again.reason, /this answer can get better/);
});

test("a story is wanted for a question of the stage that none answers", () => {
  const notes = { "story-a": { title: "One", questions: ["hr-why"] } };
  assert.equal(made({ notes }).find(({ kind }) => kind === "story").item.id, "case-peak");
  notes["story-b"] = { title: "Two", questions: ["case-peak"] };
  assert.ok(!kinds(made({ notes })).includes("story"));
});

test("the stage with the least right is tested once enough is answered, and what was missed most is read", () => {
  const entries = ["a", "b", "c", "d", "e"].flatMap((id, i) => [
    answer(4 * i, `hr-${id}`, "right"), answer(4 * i + 1, `case-${id}`, id === "a" ? "wrong" : "right"),
  ]).concat(answer(50, "case-a", "wrong"));
  const tasks = made({ entries });
  const test = tasks.find(({ kind }) => kind === "test");
  assert.deepEqual([test.stage, test.reason], ["case", "4 of 5 right the last time: your lowest share."]);
  const read = tasks.find(({ kind }) => kind === "read");
  assert.deepEqual([read.item.id, read.reason], ["case-a", "You missed its question 2 times."]);
});

test("readiness says of each stage what was answered, recalled and said", () => {
  const entries = [
    answer(1, "hr-a", "right"), answer(2, "hr-b", "wrong"), answer(3, "hr-c", "right", { rev: 9 }),
    answer(4, "hr-why", "seen", { scores: { own: 5, sum: 2 } }), answer(5, "hr-likely", "seen"),
  ];
  const [hr, other] = readiness(["hr", "case"], INDEX, entries, localDay(NOW) + 10);
  assert.deepEqual({ ...hr, recalled: 0 }, {
    stage: "hr", items: 6, answered: 2, right: 1, recalled: 0, open: 2, spoken: 2, scored: 1, score: 3.5,
  });
  assert.ok(hr.recalled > 0.5 && hr.recalled < 2, String(hr.recalled));
  assert.deepEqual([other.items, other.answered, other.recalled, other.score], [6, 0, 0, 0], "an exercise is no card");
});
