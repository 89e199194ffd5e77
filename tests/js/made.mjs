// What several tests make up: numbers by seed, entries of a log, an index of the bank.

/** Numbers from 0 to below 1, the same for the same seed. */
export const random = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

/** One of `list`, by `next`. */
export const pickFrom = (next, list) => list[Math.floor(next() * list.length)];

export const entry = (number, more = {}) => ({
  id: `aaaaaaaaaa-${number}`, item: "one", rev: 1, time: 1_780_000_000_000 + number * 40_000_000, answer: "a",
  verdict: "wrong", ...more,
});

const item = (id, stage, responsibility, more = {}) =>
  ({ id, rev: 1, bank: stage, type: "mcq", stage, responsibility, level: "apply", learn: `page/${id}`, ...more });

export const INDEX = [
  item("one", "technical", ["cost"]),
  item("two", "technical", ["cost", "tracking"]),
  item("three", "case", undefined, { type: "open" }),
  item("four", "case", ["tracking"]),
  item("five", "case", ["tracking"], { type: "numeric", exercise: true }),
];
export const ENTRIES = [
  entry(1, { certainty: 3 }),
  entry(2, { certainty: 3, seconds: 12 }),
  entry(3, { item: "two", verdict: "right", certainty: 1 }),
  entry(4, { item: "three", verdict: "seen", scores: { "own-part": 3 } }),
  entry(5, { item: "four", verdict: "right", rev: 2 }),
  entry(6, { item: "two", verdict: "wrong", seed: 4 }),
];
