// Which cards to review today so that the most is recalled on the day of the interview. Nothing is kept: the whole time
// that is left is planned from the log, today's list is the plan's first day, and tomorrow all is planned anew.
//
// A set of reviews of a card is worth the recall that it lets expect on the interview day: at each review, success and
// failure are weighed by the recall predicted for then, and the next review of the set works on what they leave. A card
// never seen counts as not recalled. The plan fills the days from the last to the first, each with the cards to which
// it adds most besides the days they have, then lets cards of two days change places while that adds to both together,
// and goes round again. So a review today counts for what later reviews would not do as well, and what is forgotten
// fast, new cards above all, moves toward the end as far as there is room. Far days are taken together, finest at both
// ends; what later reviews do is read from tables over stability and difficulty that all cards share.
//
// Two things come before worth: as many new cards as would not fit into the days after today, and cards whose last
// answer was wrong and certain.

import { AGAIN, GOOD, localDay, parseDay, recallOn, replay, review } from "./memory.mjs";

/** @import { DeckItem, Memory, Review } from "./memory.mjs" */
/** @typedef {{ id: string, memory?: Memory, urgent?: boolean, done?: boolean }} Card to ask first, or done today */
/** @typedef {{ day: number, days: number }} Period of `days` days, planned as if all were its middle one, `day` */
/** @typedef {(reviews: number) => number} Worth of reviews: recall on the day; periods are bits, the first lowest */
/** @typedef {{ now: number, day: number, daily: number, room: number, first: number }} Time
 * days by number, reviews a day and still today, and the chance that a first answer is right */
/** @typedef {{ at: number, s: number, d: number }} Place in a table: a point and the way to the next ones */
/** @typedef {{ chance: number, right: Place, wrong: Place }} Outcome */
/** @typedef {"urgent" | "new" | "review"} Reason */

export const DEFAULT_DAYS = 30;
const PERIODS = 5;
const ROUNDS = 2;
const LEAST = 1e-6; // what a review adds at least
const STABILITIES = Array.from({ length: 17 }, (_, i) => 0.02 * 2 ** i); // days, to over three years
const DIFFICULTIES = [1, 5.5, 10];
const POINTS = STABILITIES.flatMap((stability) =>
  DIFFICULTIES.map((difficulty) => ({ stability, difficulty, day: 0 })));
const NEXT = DIFFICULTIES.length;

/** @type {(value: number, low: number, high: number) => number} */
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @param {Memory} memory @returns {Place} */
const placeOf = ({ stability, difficulty }) => {
  const s = clamp(Math.log2(stability / STABILITIES[0]), 0, STABILITIES.length - 1);
  const d = (difficulty - DIFFICULTIES[0]) / (DIFFICULTIES[1] - DIFFICULTIES[0]);
  const i = Math.min(Math.floor(s), STABILITIES.length - 2);
  const j = Math.min(Math.floor(d), NEXT - 2);
  return { at: NEXT * i + j, s: s - i, d: d - j };
};

/** A table's value between its points. @type {(table: Float64Array, place: Place) => number} */
const read = (table, { at, s, d }) => (1 - s) * ((1 - d) * table[at] + d * table[at + 1])
  + s * ((1 - d) * table[at + NEXT] + d * table[at + NEXT + 1]);

/** @type {(memory: Memory | undefined, day: number, first: number) => Outcome} */
const outcomeOf = (memory, day, first) => {
  const chance = memory ? recallOn(memory, day) : first;
  const right = placeOf(review(memory, day, GOOD, chance));
  return { chance, right, wrong: placeOf(review(memory, day, AGAIN, chance)) };
};

/** @type {Map<number, Outcome[]>} */
const outcomesAfter = new Map();
/** What a review brings at a table's points, `days` after the last one: always the same. @param {number} days */
const pointOutcomes = (days) => {
  const known = outcomesAfter.get(days) ?? POINTS.map((point) => outcomeOf(point, days, 0));
  outcomesAfter.set(days, known);
  return known;
};

/** @type {(outcome: Outcome, table: Float64Array) => number} */
const weigh = ({ chance, right, wrong }, table) => chance * read(table, right) + (1 - chance) * read(table, wrong);
/** @param {number} reviews */
const firstPeriod = (reviews) => 31 - Math.clz32(reviews & -reviews);
/** @param {number} reviews */
const withoutFirst = (reviews) => reviews & (reviews - 1);

/**
 * The days from today to the one before the interview, in at most five periods: today alone, the others longest in the
 * middle.
 *
 * @param {number} now
 * @param {number} day
 * @returns {Period[]}
 */
export const periodsOf = (now, day) => {
  const days = Math.max(1, day - now);
  const count = Math.min(PERIODS, days);
  const ends = [0, 1];
  for (let i = 2; i <= count; i += 1) {
    const even = Math.round(days * (1 - Math.cos((Math.PI * i) / count)) / 2);
    ends.push(clamp(even, ends[i - 1] + 1, days - (count - i)));
  }
  return ends.slice(1).map((end, i) => ({ day: now + Math.floor((ends[i] + end - 1) / 2), days: end - ends[i] }));
};

/**
 * Gives what sets of reviews are worth for a memory: the first review exactly, those after it by tables.
 *
 * @param {Period[]} periods
 * @param {number} day of the interview
 * @param {number} first
 */
const appraiser = (periods, day, first) => {
  /** @type {Float64Array[]} */
  const tables = [];
  /** What `reviews` are worth at each point, for a card that was reviewed in a period before them. */
  /** @type {(period: number, reviews: number) => Float64Array} */
  const tableOf = (period, reviews) => {
    const key = (period << PERIODS) | reviews;
    if (tables[key]) return tables[key];
    const [at, next] = [periods[period].day, firstPeriod(reviews)];
    tables[key] = reviews === 0
      ? Float64Array.from(POINTS, (point) => recallOn(point, day - at))
      : Float64Array.from(pointOutcomes(periods[next].day - at),
        (outcome) => weigh(outcome, tableOf(next, withoutFirst(reviews))));
    return tables[key];
  };
  /** @type {Map<string, Worth>} */
  const alike = new Map();
  /** @type {(memory: Memory | undefined) => Worth} */
  const worthOf = (memory) => {
    const known = [recallOn(memory, day)];
    /** @type {Outcome[]} */
    const outcomes = [];
    return (reviews) => {
      if (known[reviews] !== undefined) return known[reviews];
      const next = firstPeriod(reviews);
      outcomes[next] ??= outcomeOf(memory, periods[next].day, first);
      known[reviews] = weigh(outcomes[next], tableOf(next, withoutFirst(reviews)));
      return known[reviews];
    };
  };
  /** @type {(memory: Memory | undefined) => Worth} */
  return (memory) => {
    const key = memory ? `${memory.stability} ${memory.difficulty} ${memory.day}` : "";
    const worth = alike.get(key) ?? worthOf(memory);
    alike.set(key, worth);
    return worth;
  };
};

/** @type {(a: { gain: number }, b: { gain: number }) => number} */
const byGain = (a, b) => b.gain - a.gain;

/**
 * Improve a plan until it settles, at most twice round. `plan` holds each card's periods as bits; `fixed` are the
 * cards about whose today nothing is to decide.
 *
 * @param {number[]} plan
 * @param {Worth[]} worths
 * @param {boolean[]} fixed
 * @param {number[]} rooms reviews by period
 */
const improve = (plan, worths, fixed, rooms) => {
  const all = plan.map((_, card) => card);
  /** @type {(card: number, period: number) => boolean} */
  const isFree = (card, period) => period > 0 || !fixed[card];
  /** Give a period to the cards to which it adds most. @param {number} period */
  const fill = (period) => {
    const bit = 1 << period;
    const free = all.filter((card) => isFree(card, period));
    const wanted = free
      .map((card) => ({ card, gain: worths[card](plan[card] | bit) - worths[card](plan[card] & ~bit) }))
      .filter(({ gain }) => gain > LEAST);
    if (wanted.length > rooms[period]) wanted.sort(byGain).splice(rooms[period]);
    const chosen = new Set(wanted.map(({ card }) => card));
    const changed = free.filter((card) => chosen.has(card) !== Boolean(plan[card] & bit));
    for (const card of changed) plan[card] ^= bit;
    return changed.length > 0;
  };
  /** @type {(from: number, to: number) => { card: number, gain: number }[]} */
  const movers = (from, to) => all
    .filter((card) => (plan[card] >> from) & 1 && !((plan[card] >> to) & 1) && isFree(card, from) && isFree(card, to))
    .map((card) => ({ card, gain: worths[card](plan[card] ^ (1 << from) ^ (1 << to)) - worths[card](plan[card]) }))
    .sort(byGain);
  /** Let cards of two periods change places while both together gain. */
  /** @type {(early: number, late: number) => boolean} */
  const exchange = (early, late) => {
    const [later, earlier] = [movers(early, late), movers(late, early)];
    const pairs = later.slice(0, earlier.length).filter(({ gain }, i) => gain + earlier[i].gain > LEAST);
    for (const { card } of [...pairs, ...earlier.slice(0, pairs.length)]) plan[card] ^= (1 << early) ^ (1 << late);
    return pairs.length > 0;
  };
  for (let round = 0, moved = true; moved && round < ROUNDS; round += 1) {
    moved = false;
    for (let late = rooms.length - 1; late >= 0; late -= 1) moved = fill(late) || moved;
    for (let late = 1; late < rooms.length; late += 1) {
      for (let early = 0; early < late; early += 1) moved = exchange(early, late) || moved;
    }
  }
};

/**
 * Of cards whose memory is the same, the first have their reviews today.
 *
 * @param {number[]} plan
 * @param {Worth[]} worths the same one for the same memory
 * @param {boolean[]} fixed
 */
const settleTies = (plan, worths, fixed) => {
  /** @type {Map<Worth, number[]>} */
  const alike = new Map();
  worths.forEach((worth, card) => {
    if (!fixed[card]) alike.set(worth, alike.get(worth) ?? []).get(worth)?.push(card);
  });
  for (const cards of alike.values()) {
    const plans = cards.map((card) => plan[card]).sort((a, b) => (b & 1) - (a & 1));
    cards.forEach((card, i) => (plan[card] = plans[i]));
  }
};

/**
 * Today's cards, the first to be asked first, and the recall on the day that the plan lets expect.
 *
 * @param {Card[]} cards
 * @param {Time} time
 */
export const chooseCards = (cards, { now, day, daily, room, first }) => {
  const ordered = [...cards].sort((a, b) => (a.id < b.id ? -1 : 1)); // what is equal stays in the order of ids
  const periods = periodsOf(now, day);
  const appraise = appraiser(periods, day, first);
  const worths = ordered.map(({ memory }) => appraise(memory));
  const unseen = ordered.filter(({ memory }) => !memory);
  const later = daily * (Math.max(1, day - now) - 1);
  const needed = unseen.slice(0, Math.min(room, Math.max(0, unseen.length - later)));
  const urgent = ordered.flatMap((card, i) =>
    (card.urgent && !card.done ? [{ card, gain: worths[i](1) - worths[i](0) }] : []))
    .sort(byGain).map(({ card }) => card);
  const set = new Set([...urgent.slice(0, room - needed.length), ...needed]);

  const plan = ordered.map((card) => Number(set.has(card)));
  const fixed = ordered.map((card) => set.has(card) || Boolean(card.done));
  improve(plan, worths, fixed, periods.map(({ days }, i) => (i === 0 ? room - set.size : daily * days)));
  settleTies(plan, worths, fixed);
  const chosen = ordered.flatMap((card, i) => {
    if (!(plan[i] & 1)) return [];
    /** @type {Reason} */
    const reason = card.urgent ? "urgent" : card.memory ? "review" : "new";
    const gain = worths[i](plan[i]) - worths[i](plan[i] & ~1);
    return [{ id: card.id, reason, recall: recallOn(card.memory, now), gain }];
  });
  /** @type {(value: (worth: Worth, card: number) => number) => number} */
  const mean = (value) => worths.reduce((sum, worth, i) => sum + value(worth, i), 0) / (worths.length || 1);
  return {
    cards: chosen.sort((a, b) => Number(b.reason === "urgent") - Number(a.reason === "urgent") || byGain(a, b)),
    recall: { unplanned: mean((worth) => worth(0)), planned: mean((worth, i) => worth(plan[i])) },
    unseen: unseen.length,
    missed: Math.max(0, unseen.length - room - later),
  };
};

/**
 * The reviews of today, from the log.
 *
 * `cards` are what to ask, in order: why (`urgent`: the last answer was wrong and certain), the recall predicted for
 * now and what the review adds on the day. `recall` is the deck's mean on the interview day: without further reviews,
 * and what the plan brings at least, were it never to answer to what is forgotten. `unseen` cards were never answered;
 * `missed` of them find no place before the day, whatever is done: more minutes are needed, or a smaller deck. Without
 * an interview day, or past it, the day is thirty days ahead.
 *
 * @param {object} given
 * @param {DeckItem[]} given.deck
 * @param {Review[]} given.entries in the order of time
 * @param {number} given.now in milliseconds
 * @param {string} [given.interview] its day, as 2026-12-24
 * @param {number} given.minutes a day
 * @param {number} given.seconds a card
 */
export const reviewsToday = ({ deck, entries, now, interview, minutes, seconds }) => {
  const today = localDay(now);
  const named = parseDay(interview);
  const day = named !== undefined && named >= today ? named : today + DEFAULT_DAYS;
  const { cards: known, first } = replay(deck, entries);
  const cards = deck.map(({ id }) => {
    const { memory, last } = known.get(id) ?? {};
    const done = memory ? memory.day >= today : false;
    return { id, memory, done, urgent: !done && last?.verdict === "wrong" && last.certainty === 3 };
  });
  const ids = new Set(deck.map(({ id }) => id));
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const answered = entries.filter(({ item, time, verdict }) =>
    time >= midnight && verdict !== "seen" && ids.has(item)).length;
  const daily = Math.floor((minutes * 60) / seconds);
  const room = Math.max(0, daily - answered);
  const chance = (first.right + 1) / (first.answers + 2); // of none, even odds
  const chosen = chooseCards(cards, { now: today, day, daily, room, first: chance });
  return { days: day - today, answered, room, ...chosen };
};
