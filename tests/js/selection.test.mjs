// Which questions are asked: the mix, the filters, the address.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  buildSearch, defaultPool, filterItems, mixQuestions, parseSearch,
} from "../../book/lib/studykit/widgets/js/selection.mjs";
import { INDEX, pickFrom, random } from "./made.mjs";

const STATES = ["unseen", "changed", "wrong", "right", "seen"];
const RANK = { unseen: 0, changed: 0, wrong: 1, right: 2, seen: 2 };
const ids = (items) => items.map(({ id }) => id);

/** Up to 40 items of three banks, and how each stands. */
const bank = (next) => {
  const length = 1 + Math.floor(next() * 40);
  const items = Array.from({ length }, (_, i) => ({ id: `q${i}`, bank: pickFrom(next, ["a", "b", "c"]) }));
  const states = new Map(items.map(({ id }) => [id, pickFrom(next, STATES)]));
  return { items, how: ({ id }) => states.get(id) };
};

test("a mix takes what was not answered first, then what was missed, and nothing twice", () => {
  const next = random(3);
  for (let i = 0; i < 300; i += 1) {
    const { items, how } = bank(next);
    const count = 1 + Math.floor(next() * 20);
    const found = mixQuestions(items, count, how, {}, next);
    assert.equal(found.length, Math.min(count, items.length));
    assert.equal(new Set(ids(found)).size, found.length);
    const ranks = found.map((item) => RANK[how(item)]);
    assert.deepEqual(ranks, ranks.toSorted());
    const left = items.filter((item) => !found.includes(item)).map((item) => RANK[how(item)]);
    assert.ok(Math.max(...ranks) <= Math.min(2, ...left), "none that is left stands before one that was taken");
  }
});

test("banks take turns among what stands alike", () => {
  const items = ["a", "a", "a", "a", "b", "b", "c"].map((name, i) => ({ id: `q${i}`, bank: name }));
  for (let seed = 0; seed < 50; seed += 1) {
    const found = mixQuestions(items, 7, () => "unseen", {}, random(seed)).map((item) => item.bank);
    assert.equal(new Set(found.slice(0, 3)).size, 3);
    assert.equal(new Set(found.slice(3, 5)).size, 2);
  }
});

test("the first is one that came with the page, where one of its rank did", () => {
  const next = random(5);
  for (let i = 0; i < 300; i += 1) {
    const { items, how } = bank(next);
    const here = Object.fromEntries(items.filter(() => next() < 0.3).map(({ id }) => [id, {}]));
    const [first] = mixQuestions(items, 10, how, here, next);
    const best = Math.min(...items.map((item) => RANK[how(item)]));
    const could = items.filter((item) => RANK[how(item)] === best && item.id in here);
    assert.equal(first.id in here, could.length > 0);
  }
});

test("every filter must fit, and an exam asks only what is judged", () => {
  const how = ({ id }) => (id === "one" ? "wrong" : "unseen");
  const fits = (filters, exam = false) => ids(filterItems(INDEX, filters, how, exam));
  assert.deepEqual(fits({}), ["one", "two", "three", "four"]);
  assert.deepEqual(fits({}, true), ["one", "two", "four"]);
  assert.deepEqual(fits({ stage: "technical", responsibility: "" }), ["one", "two"]);
  assert.deepEqual(fits({ responsibility: "tracking" }), ["two", "four"]);
  assert.deepEqual(fits({ responsibility: "tracking", stage: "case" }), ["four"]);
  assert.deepEqual(fits({ kind: "open" }), ["three"]);
  assert.deepEqual(fits({ level: "recall" }), []);
  assert.deepEqual(fits({ state: "wrong" }), ["one"]);
  assert.deepEqual(ids(defaultPool(INDEX)), ["one", "two", "four"]);
});

test("an address names items, banks and sections, each once, and says what it does not know", () => {
  const { items, unknown, options } = parseSearch("?set=two,technical,page/four,gone", INDEX);
  assert.deepEqual([ids(items), unknown, options], [["two", "one", "four"], ["gone"], {}]);
  assert.deepEqual(ids(parseSearch("?set=case,five", INDEX).items), ["three", "four", "five"]);
  assert.deepEqual(ids(parseSearch("?set=case&exam=20", INDEX).items), ["four"]);
  assert.deepEqual(parseSearch("", INDEX).items, []);
  assert.deepEqual(parseSearch("?stage=case&state=wrong", INDEX).filters,
    { stage: "case", responsibility: "", kind: "", level: "", state: "wrong" });
});

test("an exam's minutes are at most ten hours; one or none is no clock", () => {
  const expected = { "?exam=20": 20, "?exam=9000": 600, "?exam=1": 0, "?exam": 0, "?exam=x": 0 };
  for (const [search, minutes] of Object.entries(expected)) {
    assert.deepEqual(parseSearch(search, INDEX).options, { exam: true, minutes }, search);
  }
});

test("the address of a set asks the same set again", () => {
  const exam = (minutes) => ({ ids: ["four", "one"], exam: true, minutes });
  for (const set of [{ ids: ["two", "one"] }, exam(20), exam(0)]) {
    const address = buildSearch(set);
    const { items, options } = parseSearch(address, INDEX);
    assert.deepEqual({ ids: ids(items), ...options }, set, address);
  }
});
