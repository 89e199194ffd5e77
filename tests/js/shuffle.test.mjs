// Orders of choices: by seed, all of them, and kept by the tab until the reader comes again by a link.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { arranged, drawSeed, tabSeeds } from "../../book/lib/studykit/widgets/js/shuffle.mjs";

const CHOICES = ["a", "b", "c", "d"].map((id) => ({ id }));
const order = (seed) => arranged(CHOICES, seed).map(({ id }) => id).join("");

test("a seed has one order, of all choices and whatever order they come in", () => {
  for (let seed = 0; seed < 50; seed++) {
    assert.equal(order(seed), order(seed));
    assert.deepEqual([...order(seed)].sort(), ["a", "b", "c", "d"]);
    assert.deepEqual(arranged(CHOICES.toReversed(), seed), arranged(CHOICES, seed));
  }
  assert.equal(order(undefined), "abcd");
});

test("each of the 24 orders comes as often as any other", () => {
  const counts = new Map();
  for (let seed = 0; seed < 24_000; seed++) counts.set(order(seed), (counts.get(order(seed)) ?? 0) + 1);
  assert.equal(counts.size, 24);
  const squares = [...counts.values()].map((count) => (count - 1000) ** 2 / 1000);
  assert.ok(squares.reduce((sum, part) => sum + part) < 49.7, "chi-squared at 23 degrees, one in a thousand");
});

test("a drawn seed is a whole number that a tab can keep", () => {
  for (let turn = 0; turn < 100; turn++) assert.ok(Number.isInteger(drawSeed()) && drawSeed() < 2 ** 32);
});

const known = Object.getOwnPropertyDescriptor(globalThis, "performance");
/** A visit of a page: by a link ("navigate"), a reload or the way back. */
const visit = (type, timeOrigin, pathname = "/quiz") => {
  const made = { timeOrigin, getEntriesByType: () => [{ type }] };
  Object.defineProperty(globalThis, "performance", { value: made, configurable: true });
  globalThis.location = { pathname };
  return tabSeeds();
};
afterEach(() => {
  Object.defineProperty(globalThis, "performance", known);
  delete globalThis.location;
  delete globalThis.sessionStorage;
});

test("a reload and the way back keep an order, a link and another page do not", () => {
  const held = new Map();
  globalThis.sessionStorage = { setItem: (key, text) => held.set(key, text), getItem: (key) => held.get(key) ?? null };
  const first = visit("navigate", 1000);
  assert.equal(first.get("one"), undefined);
  first.set("one", 7);
  first.set("two", 0);
  assert.deepEqual([first.get("one"), first.get("two")], [7, 0]);
  assert.equal(visit("reload", 2000).get("one"), 7);
  assert.equal(visit("back_forward", 2500).get("two"), 0);
  assert.equal(visit("reload", 2600, "/other").get("one"), undefined);
  const again = visit("navigate", 3000);
  assert.equal(again.get("one"), undefined);
  again.set("one", 9);
  assert.equal(visit("reload", 4000).get("one"), 9);
});

test("a store that refuses or holds nonsense stops nothing", () => {
  globalThis.sessionStorage = { setItem: () => { throw new Error("full"); }, getItem: () => "nonsense" };
  const seeds = visit("reload", 1000);
  seeds.set("one", 7);
  assert.equal(seeds.get("one"), undefined);
});
