// What a log says. `tests/unit/studykit/test_progress.py` counts the same answers.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as stats from "../../book/lib/studykit/widgets/js/stats.mjs";
import { ENTRIES, entry, INDEX } from "./made.mjs";

test("how an item stands follows from its latest entry and its revision", () => {
  const last = stats.latestByItem(ENTRIES);
  const statuses = INDEX.map((item) => stats.itemStatus(item, last.get(item.id)));
  assert.deepEqual(statuses, ["wrong", "wrong", "seen", "changed", "unseen"]);
  assert.equal(stats.itemStatus(INDEX[0], undefined), "unseen");
});

test("only graded answers count for accuracy", () => {
  assert.deepEqual(stats.accuracy(ENTRIES), { answers: 5, right: 2 });
  assert.deepEqual(stats.accuracy([]), { answers: 0, right: 0 });
});

test("answers by day add up, and a day is the reader's own", () => {
  const days = stats.byDay(ENTRIES);
  assert.equal(days.reduce((sum, [, { answers }]) => sum + answers, 0), 5);
  const noon = new Date(2026, 5, 7, 12).getTime();
  assert.deepEqual(stats.byDay([entry(1, { time: noon })]), [["2026-06-07", { answers: 1, right: 0 }]]);
});

test("certainty is counted level by level", () => {
  assert.deepEqual(stats.byCertainty(ENTRIES),
    [[1, { answers: 1, right: 1 }], [2, { answers: 0, right: 0 }], [3, { answers: 2, right: 0 }]]);
});

test("an item counts in each of its responsibilities, and under none where it has none", () => {
  const cells = stats.coverage(INDEX, ENTRIES);
  assert.deepEqual(cells.get("technical/cost"), { items: 2, answered: 2, right: 0 });
  assert.deepEqual(cells.get("technical/tracking"), { items: 1, answered: 1, right: 0 });
  assert.deepEqual(cells.get("case/tracking"), { items: 1, answered: 0, right: 0 });
  assert.deepEqual(cells.get("case/"), { items: 1, answered: 1, right: 0 });
});

test("weak spots are what was missed last, the most often missed first", () => {
  const weak = stats.weakSpots(INDEX, ENTRIES).map(({ item, missed }) => [item.id, missed]);
  assert.deepEqual(weak, [["one", 2], ["two", 1]]);
  assert.deepEqual(stats.weakSpots(INDEX, []), []);
});

test("an answer to a merged item counts for the one that stayed, as an answer to an older revision", () => {
  const index = [{ ...INDEX[0], rev: 2, replaces: ["gone"] }];
  const entries = stats.underCurrentIds(index, [entry(1, { item: "gone", rev: 1 }), entry(2, { item: "two" })]);
  assert.deepEqual(entries.map(({ item }) => item), [INDEX[0].id, "two"]);
  assert.equal(stats.itemStatus(index[0], stats.latestByItem(entries).get(INDEX[0].id)), "changed");
});
