// A set of questions, and the exam's clock.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { announcement, formatClock, secondsLeft } from "../../book/lib/studykit/widgets/js/exam_clock.mjs";
import * as session from "../../book/lib/studykit/widgets/js/session.mjs";
import { INDEX } from "./made.mjs";

const right = { rev: 1, answer: "a", verdict: "right" };
const wrong = { rev: 1, answer: "b", verdict: "wrong" };
const known = new Map(INDEX.map((item) => [item.id, item]));
const BEGUN = { ids: ["one", "two", "three"], answers: {}, at: 0, started: 0, search: "?set=one" };
const set = (more = {}) => ({ ...BEGUN, ...more });

beforeEach(() => {
  const kept = new Map();
  const setItem = (key, value) => kept.set(key, value);
  globalThis.sessionStorage = { setItem, getItem: (key) => kept.get(key) ?? null };
});
afterEach(() => delete globalThis.sessionStorage);

test("a set is kept for the tab as it was", () => {
  assert.equal(session.loadSession("key"), null);
  session.saveSession("key", set({ answers: { one: right } }));
  assert.deepEqual(session.loadSession("key"), set({ answers: { one: right } }));
});

test("a store that refuses or holds nonsense stops nothing", () => {
  globalThis.sessionStorage = { setItem: () => { throw new Error("full"); }, getItem: () => "nonsense" };
  session.saveSession("key", set());
  assert.equal(session.loadSession("key"), null);
  delete globalThis.sessionStorage;
  session.saveSession("key", set());
  assert.equal(session.loadSession("key"), null);
});

test("the set of before is taken up where it belongs to the address and the bank", () => {
  const resumed = (before, search = "?set=one", anew = false) => session.resumableSession(before, search, known, anew);
  const all = { one: right, two: wrong, three: right };
  assert.deepEqual(resumed(set()), set());
  assert.equal(resumed(null), null);
  assert.equal(resumed("text"), null);
  assert.equal(resumed({}), null);
  assert.equal(resumed(set(), "?set=two"), null);
  assert.equal(resumed(set({ ids: ["one", "gone"] })), null);
  assert.equal(resumed(set({ ids: [] })), null);
  assert.ok(resumed(set(), "?set=one", true), "one that is not over stays, also for a link");
  assert.ok(resumed(set({ answers: all })));
  assert.equal(resumed(set({ answers: all }), "?set=one", true), null);
  assert.equal(resumed(set({ ended: 5 }), "?set=one", true), null);
});

test("what is over, what is next and how it went", () => {
  const one = set({ answers: { two: wrong } });
  assert.deepEqual(session.sessionVerdicts(one), [undefined, "wrong", undefined]);
  assert.deepEqual([session.nextUnanswered(one, 0), session.nextUnanswered(one, 2)], [2, -1]);
  assert.ok(session.isExamRunning(set({ exam: true })));
  assert.ok(!session.isExamRunning(set({ exam: true, ended: 5 })));
  assert.ok(!session.isExamRunning(set()));
  const kind = (id) => known.get(id).type;
  assert.deepEqual(session.sessionResult(one, kind), { right: 0, graded: 2, missed: ["two"], left: 2, late: false });
  const late = set({ answers: { one: right }, exam: true, minutes: 10, ended: 600_001 });
  assert.deepEqual(session.sessionResult(late, kind), { right: 1, graded: 2, missed: [], left: 2, late: true });
  assert.equal(session.sessionResult({ ...late, ended: 600_000 }, kind).late, false);
});

test("the clock counts down to zero, and stays there", () => {
  const timed = { started: 1000, minutes: 2 };
  const shown = [1000, 61_000, 121_000, 999_000].map((now) => formatClock(secondsLeft(timed, now)));
  assert.deepEqual(shown, ["2:00", "1:00", "0:00", "0:00"]);
  assert.equal(formatClock(3605), "60:05");
});

test("it is announced at half time, five minutes, one minute and the end, and at nothing else", () => {
  const announcements = (total) => {
    const words = [];
    for (let left = total; left >= 0; left -= 1) {
      const text = announcement(left, total);
      if (text) words.push([left, text.split(" ")[0]]);
    }
    return words;
  };
  assert.deepEqual(announcements(1200), [[600, "Half"], [300, "Five"], [60, "One"], [0, "Time"]]);
  assert.deepEqual(announcements(600), [[300, "Five"], [60, "One"], [0, "Time"]]);
  assert.deepEqual(announcements(300), [[150, "Half"], [60, "One"], [0, "Time"]]);
});
