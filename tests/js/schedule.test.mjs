// The reviews of a day. That they come close to the best possible is held by `tests/site/test_schedule.py`, on more
// decks; `tests/benchmarks/recall_on_the_day.mjs` compares with other ways to review.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as memory from "../../book/lib/studykit/widgets/js/memory.mjs";
import * as schedule from "../../book/lib/studykit/widgets/js/schedule.mjs";
import { entry, random } from "./made.mjs";
import { randomMemory, shares } from "./optimum.mjs";

const NOW = new Date(2026, 5, 10, 9).getTime();
const NOON = new Date(2026, 5, 10, 12).getTime();
const TODAY = memory.localDay(NOW);
const DAY = 86_400_000;
const deck = (count) => Array.from({ length: count }, (_, i) => ({ id: `card-${String(i).padStart(3, "0")}`, rev: 1 }));
const given = (more = {}) =>
  ({ deck: deck(10), entries: [], now: NOW, interview: "2026-06-20", minutes: 1, seconds: 15, ...more });
const ids = ({ cards }) => cards.map(({ id }) => id);
const ago = (days, item, more = {}) => entry(100 - days, { item, time: NOON - days * DAY, verdict: "right", ...more });
const someCards = (count, seed) => {
  const next = random(seed);
  return Array.from({ length: count }, (_, i) => ({ id: `c${i}`, memory: randomMemory(memory.review, next) }));
};

test("periods take every day once: today alone, the longest in the middle", () => {
  for (let days = 0; days <= 400; days += 1) {
    const periods = schedule.periodsOf(TODAY, TODAY + days);
    assert.deepEqual(periods[0], { day: TODAY, days: 1 });
    assert.equal(periods.reduce((sum, one) => sum + one.days, 0), Math.max(1, days));
    assert.ok(periods.length <= 5 && periods.every((one) => one.days > 0 && one.day < TODAY + Math.max(1, days)));
    assert.ok(periods.every((one, i) => i === 0 || one.day > periods[i - 1].day));
  }
  assert.deepEqual(schedule.periodsOf(0, 14).map(({ days }) => days), [1, 4, 4, 4, 1]);
});

test("without a log there are new cards, as many as the minutes hold, in the order of ids", () => {
  const today = schedule.reviewsToday(given());
  assert.deepEqual(ids(today), ["card-000", "card-001", "card-002", "card-003"]);
  assert.ok(today.cards.every(({ reason, recall, gain }) => reason === "new" && recall === 0 && gain > 0));
  const { days, answered, room, unseen, missed } = today;
  assert.deepEqual({ days, answered, room, unseen, missed }, { days: 10, answered: 0, room: 4, unseen: 10, missed: 0 });
  assert.deepEqual(schedule.reviewsToday(given({ deck: deck(10).reverse() })), today);
});

test("no deck, no minutes, no day, a day that is over and the day itself", () => {
  const empty = schedule.reviewsToday(given({ deck: [] }));
  assert.deepEqual([empty.cards, empty.recall], [[], { unplanned: 0, planned: 0 }]);
  const idle = schedule.reviewsToday(given({ minutes: 0 }));
  assert.deepEqual([idle.cards, idle.missed, idle.recall.planned], [[], 10, 0]);
  for (const interview of [undefined, "2026-06-09", "soon"]) {
    assert.equal(schedule.reviewsToday(given({ interview })).days, schedule.DEFAULT_DAYS);
  }
  const entries = [ago(3, "card-000"), ago(9, "card-001")];
  const last = schedule.reviewsToday(given({ deck: deck(2), entries, interview: "2026-06-10", seconds: 60 }));
  assert.deepEqual([last.days, ids(last)], [0, ["card-001"]], "on the day itself what is forgotten most");
});

test("what was answered today is not asked again, and its time is spent", () => {
  const entries = [ago(0, "card-000"), ago(0, "card-001", { verdict: "wrong", certainty: 3 })];
  const today = schedule.reviewsToday(given({ entries }));
  assert.deepEqual([today.answered, today.room, ids(today)], [2, 2, ["card-002", "card-003"]]);
  assert.deepEqual(ids(schedule.reviewsToday(given({ entries, minutes: 0.5 }))), []);
  const unjudged = [ago(0, "card-000", { verdict: "seen" }), ago(0, "other")];
  assert.equal(schedule.reviewsToday(given({ entries: unjudged })).answered, 0);
});

test("an answer to an older revision leaves the card new", () => {
  const today = schedule.reviewsToday(given({ deck: [{ id: "card-000", rev: 2 }], entries: [ago(2, "card-000")] }));
  assert.deepEqual([today.cards[0].reason, today.unseen], ["new", 1]);
});

test("what was wrong and certain comes first, until it is answered again", () => {
  const entries = [ago(5, "card-007", { verdict: "wrong", certainty: 3 }), ago(4, "card-008", { verdict: "wrong" }),
    ago(3, "card-009", { verdict: "wrong", certainty: 2 })];
  const first = schedule.reviewsToday(given({ entries })).cards[0];
  assert.deepEqual([first.id, first.reason], ["card-007", "urgent"]);
  const mended = schedule.reviewsToday(given({ entries: [...entries, ago(2, "card-007")] }));
  assert.ok(mended.cards.every(({ reason }) => reason !== "urgent"));
});

test("of cards with equal minutes left those come that gain most", () => {
  const old = [ago(20, "card-000"), ago(20, "card-001", { grade: 4 }), ago(20, "card-002", { verdict: "wrong" })];
  const entries = [...old, ago(9, "card-001", { grade: 4 })];
  const today = schedule.reviewsToday(given({ deck: deck(3), entries, interview: "2026-06-11", seconds: 30 }));
  assert.deepEqual(ids(today), ["card-002", "card-000"]);
  assert.ok(today.cards[0].gain > today.cards[1].gain && today.recall.planned > today.recall.unplanned);
});

/** The days to the interview, each list answered in full; which cards were seen, and how often. */
const live = (cards, days, daily, isRight) => {
  const seen = new Map();
  for (let day = 0; day < days; day += 1) {
    const time = { now: day, day: days, daily, room: daily, first: 0.5 };
    const today = schedule.chooseCards(cards.map(({ id }) => ({ id, ...seen.get(id) })), time);
    assert.ok(today.cards.length <= daily);
    assert.equal(new Set(ids(today)).size, today.cards.length);
    for (const { id } of today.cards) {
      const right = isRight(memory.recallOn(seen.get(id)?.memory, day));
      const grade = right ? memory.GOOD : memory.AGAIN;
      seen.set(id, { memory: memory.review(seen.get(id)?.memory, day, grade), urgent: !right });
    }
  }
  return seen;
};

test("every card is seen before the day if the minutes allow it, also when all answers are wrong and certain", () => {
  for (const [count, days, daily] of [[12, 4, 3], [12, 12, 1], [30, 10, 4], [40, 9, 5], [7, 1, 7], [60, 30, 2]]) {
    assert.equal(live(deck(count), days, daily, () => false).size, count, `${count} cards in ${days} days`);
    assert.equal(live(deck(count), days, daily, () => true).size, count, `${count} cards in ${days} days`);
  }
  const short = schedule.chooseCards(deck(13), { now: 0, day: 4, daily: 3, room: 3, first: 0.5 });
  assert.equal(short.missed, 1);
  assert.equal(live(deck(13), 4, 3, () => false).size, 12);
});

test("what comes is no less than the plan lets expect, and not much more", () => {
  const next = random(3);
  const [days, daily, rounds] = [12, 15, 12];
  const { recall } = schedule.chooseCards(deck(60), { now: 0, day: days, daily, room: daily, first: 0.5 });
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) {
    const seen = live(deck(60), days, daily, (chance) => next() < (chance || 0.5));
    for (const { memory: known } of seen.values()) sum += memory.recallOn(known, days) / 60 / rounds;
  }
  assert.equal(recall.unplanned, 0);
  assert.ok(sum > recall.planned && sum < recall.planned + 0.08, `planned ${recall.planned}, came ${sum}`);
});

test("a plan never expects less than no plan, whatever was learned before", () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const time = { now: 0, day: 1 + (seed % 30), daily: 3, room: seed % 4, first: 0.6 };
    const { cards, recall } = schedule.chooseCards(someCards(20, seed), time);
    assert.ok(recall.planned >= recall.unplanned, `seed ${seed}`);
    assert.ok(cards.length <= time.room && cards.every(({ gain }) => gain > 0), `seed ${seed}`);
  }
});

test("it comes within one percent of the best on decks that can be tried in full", () => {
  const found = shares({ ...memory, ...schedule }, 16, 5);
  assert.ok(found.every((share) => share > 0.99 && share < 1 + 1e-9), String(found));
});
