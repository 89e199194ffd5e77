// The negotiation: laws of the game for any seed, and what is said of it. The browser's test holds it to Python's twin.

import assert from "node:assert/strict";
import { test } from "node:test";

import { counterpart, debrief, play, Table } from "../../book/lib/studykit/widgets/js/game.mjs";
import { dealVerdict, eventText, formatSigned, versusWalkAway } from "../../book/lib/studykit/widgets/js/dialogue.mjs";
import { random } from "./made.mjs";

const options = (...worths) => worths.map(([you, them], i) => ({ text: `option ${i}`, you, them }));
const GAME = {
  issues: [
    { name: "Rate", options: options([0, 0], [7, -4], [15, -10]), because: "Head office sets it." },
    { name: "Term", options: options([0, 0], [-2, 5], [-5, 9]) },
    { name: "Peak", options: options([0, 0], [6, -2], [11, -7]) },
  ],
  your_batna: 8, their_batna: -14, aspiration: [[80, 100], [35, 65]], reserve: [-15, 15],
};
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed * 7919);

/** Steps of somebody who asks, offers, accepts and walks by dice. */
const wild = (next) => Array.from({ length: 6 }, () => {
  const dice = next();
  if (dice < 0.2) return { ask: Math.floor(next() * 3) };
  if (dice < 0.25) return { accept: true };
  if (dice < 0.3) return { walk: true };
  return { offer: GAME.issues.map(() => Math.floor(next() * 3)) };
});

test("a seed plays one game, and they never sign what is worse than their alternative", () => {
  for (const seed of SEEDS) {
    const steps = wild(random(seed));
    const end = play(GAME, seed, steps);
    assert.deepEqual(play(GAME, seed, steps), end);
    assert.ok(end.them >= counterpart(GAME, seed).reserve, `seed ${seed}`);
    assert.ok(end.events.filter(({ did }) => did === "offer").length <= 3);
  }
});

test("their counter-offers give them what they hold out for in that round", () => {
  for (const seed of SEEDS) {
    const other = counterpart(GAME, seed);
    for (const { did, round, package: one } of play(GAME, seed, wild(random(seed + 1))).events) {
      if (did !== "counter") continue;
      assert.ok(other.worth(one) >= other.aspirations[round - 1], `seed ${seed}, round ${round}`);
    }
  }
});

test("no package beats what the debriefing calls the best", () => {
  for (const seed of SEEDS) {
    const other = counterpart(GAME, seed);
    const { deal, you, them } = play(GAME, seed, wild(random(seed + 2)));
    const seen = debrief(GAME, seed, deal);
    assert.deepEqual([seen.you, seen.them], [you, them]);
    for (const one of other.packages) {
      if (other.worth(one) >= them) assert.ok(other.yours(one) <= you + seen.gap);
      if (other.worth(one) >= other.reserve) assert.ok(other.yours(one) <= seen.best_you);
    }
  }
});

test("what is said: worths with their sign, and how it ended", () => {
  assert.deepEqual([formatSigned(1200), formatSigned(0), formatSigned(-5)], ["+1,200", "0", "−5"]);
  assert.equal(versusWalkAway(GAME, 8), "exactly your walk-away point");
  assert.equal(versusWalkAway(GAME, 5), "3 short of your walk-away point");
  const table = new Table(GAME, 4);
  table.step({ ask: 1 });
  const text = (at) => eventText(table, "Carrier", table.events[at]);
  assert.match(text(0), /^Carrier: “If I rank all 3, term is number [123] for us.”$/);
  table.step({ offer: [2, 0, 2] });
  assert.equal(text(1), "You offer a package worth +26 to you.");
  assert.match(text(2), /^Carrier: “.*” Their package is worth [+−]?\d+ to you\.$/);
  table.step({ walk: true });
  assert.match(dealVerdict(table, debrief(GAME, 4, null)), /^No deal\. The best package was worth \d+ more to you/);
});
