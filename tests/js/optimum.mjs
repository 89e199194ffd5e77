// The best that can be done with a small deck, by trying everything: each choice of reviews on each day, each outcome
// weighed by its chance. It stands beside what the schedule does with the same deck. A browser can load it as well.

import { pickFrom, random } from "./made.mjs";

const FIRST = 0.5; // the chance that a first answer is right
/** Cards, days and reviews a day of the decks; those that take a second to try in full come half as often. */
const QUICK = [[3, 5, 1], [3, 6, 1], [3, 7, 1], [4, 5, 1], [4, 6, 1], [5, 5, 1], [5, 6, 1], [3, 5, 2]];
const SIZES = [...QUICK, ...QUICK, [3, 8, 1], [4, 5, 2]];

/** A memory with up to four earlier reviews in three weeks, or none. */
export const randomMemory = (review, next) => {
  if (next() < 0.35) return undefined;
  let [memory, day] = [undefined, -1 - Math.floor(next() * 20)];
  for (let left = 1 + Math.floor(next() * 4); left > 0 && day < 0; left -= 1) {
    memory = review(memory, day, pickFrom(next, [1, 1, 1, 2, 3, 3, 3, 3, 3, 4]));
    day += 1 + Math.floor(next() * 8);
  }
  return memory;
};

/** Every set of one to `most` numbers below `count`. */
const choices = (count, most, from = 0) => (most === 0 ? [] : Array.from({ length: count - from }, (_, i) => from + i)
  .flatMap((one) => [[one], ...choices(count, most - 1, one + 1).map((rest) => [one, ...rest])]));

/** What can become of one card: nodes by history, each with its number, and the recall it leaves on the last day. */
const histories = ({ review, recallOn }, last) => {
  let nodes = 0;
  const node = (memory) => ({ number: (nodes += 1), memory, recall: recallOn(memory, last), outcomes: [], gains: [] });
  const outcome = (from, day) => (from.outcomes[day] ??= {
    chance: from.memory ? recallOn(from.memory, day) : FIRST,
    right: node(review(from.memory, day, 3)), wrong: node(review(from.memory, day, 1)),
  });
  const gain = (from, day) => {
    const { chance, right, wrong } = outcome(from, day);
    return (from.gains[day] ??= chance * right.recall + (1 - chance) * wrong.recall - from.recall);
  };
  return { node, outcome, gain };
};

/** Recall expected of `deck` when `chosen` are reviewed on `day`, and `value` goes on from each outcome. */
const afterReviews = ({ outcome }, deck, chosen, day, value) => {
  const follow = (i, cards) => {
    if (i === chosen.length) return value(cards, day + 1);
    const { chance, right, wrong } = outcome(cards[chosen[i]], day);
    const [known, forgot] = [right, wrong].map((node) => follow(i + 1, cards.with(chosen[i], node)));
    return chance * known + (1 - chance) * forgot;
  };
  return follow(0, deck);
};

/** On the last day the cards do not wait for each other: the greatest gains are best, of one card or two. */
const lastReviews = ({ gain }, deck, day, daily) => {
  let [sum, first, second] = [0, 0, 0];
  for (const card of deck) {
    const more = gain(card, day);
    sum += card.recall;
    if (more > first) [first, second] = [more, first];
    else if (more > second) second = more;
  }
  return sum + first + (daily > 1 ? second : 0);
};

/** No two ways lead to the same histories, so there is nothing to remember but the histories of each card. */
const best = (tree, start, last, daily) => {
  const sets = choices(start.length, daily);
  const value = (deck, day) => {
    if (day === last - 1) return lastReviews(tree, deck, day, daily);
    let most = value(deck, day + 1);
    for (const set of sets) most = Math.max(most, afterReviews(tree, deck, set, day, value));
    return most;
  };
  return value(start, 0);
};

const scheduled = (chooseCards, tree, start, last, daily) => {
  const value = (deck, day) => {
    if (day === last) return deck.reduce((sum, { recall }) => sum + recall, 0);
    const cards = deck.map(({ memory }, i) => ({ id: String(i), memory }));
    const time = { now: day, day: last, daily, room: daily, first: FIRST };
    const chosen = chooseCards(cards, time).cards.map(({ id }) => Number(id));
    return afterReviews(tree, deck, chosen, day, value);
  };
  return value(start, 0);
};

/**
 * For `count` decks, what share of the best possible recall on the day the schedule reaches, on average over outcomes.
 */
export const shares = ({ review, recallOn, chooseCards }, count, seed) => {
  const next = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const [cards, last, daily] = SIZES[i % SIZES.length];
    const tree = histories({ review, recallOn }, last);
    const deck = Array.from({ length: cards }, () => tree.node(randomMemory(review, next)));
    return scheduled(chooseCards, tree, deck, last, daily) / best(tree, deck, last, daily);
  });
};
