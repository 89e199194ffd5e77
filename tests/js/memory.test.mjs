// What a reader remembers. `tests/site/test_schedule.py` holds the model itself to another implementation.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import * as memory from "../../book/lib/studykit/widgets/js/memory.mjs";
import { entry } from "./made.mjs";

const DECK = [{ id: "one", rev: 1 }, { id: "two", rev: 3 }];
const zone = process.env.TZ;
const at = (day, hour = 12) => new Date(2026, 5, day, hour).getTime();
const answer = (day, more = {}) => entry(day, { time: at(day), verdict: "right", ...more });

afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test("a day is the reader's own, also where the clocks change", () => {
  for (const name of ["America/New_York", "Asia/Tokyo", "Pacific/Apia"]) {
    process.env.TZ = name;
    const days = [new Date(2026, 10, 1, 0, 5), new Date(2026, 10, 1, 23, 55), new Date(2026, 10, 2, 0, 5)];
    const numbers = days.map((time) => memory.localDay(time.getTime()) - memory.parseDay("2026-11-01"));
    assert.deepEqual(numbers, [0, 0, 1], name);
  }
});

test("what is no day is undefined", () => {
  assert.equal(memory.parseDay("1970-01-11"), 10);
  for (const text of ["2026-02-30", "2026-13-01", "26-01-01", "tomorrow", "", undefined]) {
    assert.equal(memory.parseDay(text), undefined, text);
  }
});

test("a card never seen is not recalled, one just seen is, and then less from day to day", () => {
  assert.equal(memory.recallOn(undefined, 5), 0);
  const seen = memory.review(undefined, 5, memory.GOOD);
  const recalls = [4, 5, 6, 10, 40].map((day) => memory.recallOn(seen, day));
  assert.deepEqual(recalls.slice(0, 2), [1, 1], "a clock that was set back predicts nothing");
  assert.ok(recalls.every((recall, i) => i < 2 || recall < recalls[i - 1]));
});

test("right is good and wrong is again, unless a grade says more", () => {
  const stabilities = [{}, { grade: 2 }, { verdict: "wrong" }, { verdict: "right", grade: 4 }].map((more) =>
    memory.replay(DECK, [answer(1, more)]).cards.get("one").memory.stability);
  const [good, hard, again, easy] = stabilities;
  assert.ok(again < hard && hard < good && good < easy);
});

test("only judged answers to the present revision of a card of the deck count", () => {
  const others = [
    answer(1, { item: "two", rev: 2 }), answer(2, { item: "three" }), answer(3, { verdict: "seen" }),
  ];
  const { cards, forecasts, first } = memory.replay(DECK, [...others, answer(4), answer(6, { verdict: "wrong" })]);
  assert.deepEqual([...cards.keys()], ["one"]);
  assert.equal(cards.get("one").last.verdict, "wrong");
  assert.deepEqual(first, { answers: 1, right: 1 });
  assert.equal(forecasts.length, 1);
  assert.equal(forecasts[0].recalled, false);
  assert.deepEqual(memory.replay(DECK, []), { cards: new Map(), forecasts: [], first: { answers: 0, right: 0 } });
});

test("several answers on a day are one forecast less, and change the memory all the same", () => {
  const wrong = answer(1, { verdict: "wrong" });
  const once = memory.replay(DECK, [wrong]);
  const twice = memory.replay(DECK, [wrong, entry(2, { time: at(1, 13), verdict: "right" })]);
  assert.deepEqual(twice.forecasts, []);
  assert.ok(twice.cards.get("one").memory.stability > once.cards.get("one").memory.stability);
});

test("calibration sets what was predicted beside what came, bin by bin, and every forecast is in one", () => {
  assert.deepEqual(memory.calibration(DECK, [answer(1)]), []);
  const [bin, ...rest] = memory.calibration(DECK, [answer(1), answer(3), answer(1, { item: "two", rev: 3 }),
    answer(3, { item: "two", rev: 3, verdict: "wrong" })].sort((a, b) => a.time - b.time));
  const predicted = memory.recallOn(memory.review(undefined, 0, memory.GOOD), 2);
  assert.deepEqual([bin.from, bin.to, bin.count, bin.actual, rest.length], [0.9, 1, 2, 0.5, 0]);
  assert.ok(Math.abs(bin.predicted - predicted) < 1e-12);
  const many = Array.from({ length: 28 }, (_, i) => answer(i + 1, { verdict: i % 3 ? "right" : "wrong" }));
  const bins = memory.calibration(DECK, many);
  assert.equal(bins.reduce((sum, { count }) => sum + count, 0), 27);
  assert.ok(bins.length > 1 && bins.every((one) => one.predicted >= one.from && one.predicted <= one.to));
});
