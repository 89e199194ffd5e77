// Recall on the day of the interview, by way of reviewing: `node tests/benchmarks/recall_on_the_day.mjs [FILE]`.
//
// Simulated readers learn a deck in three ways with the same number of reviews each day, at most one a day of a card:
// by the schedule, by FSRS at a desired retention of 0.9 (due cards first, the least recalled of them before others,
// then new ones, then what is due next), and at even gaps (new cards, then always the one that waited longest). Where
// the schedule finds nothing more to gain on a day, the others stop there too. Readers are of two kinds: some forget as
// FSRS-6 says, each with weights of their own, and some by half-lives, which neither FSRS nor the schedule knows of. A
// card never seen is recalled as often as the reader's first answers are right. FILE takes the table as JSON.

import { writeFileSync } from "node:fs";

import { FSRSAlgorithm } from "../../book/lib/studykit/vendor/ts-fsrs-5.4.2.min.mjs";
import { AGAIN, GOOD, recallOn, review } from "../../book/lib/studykit/widgets/js/memory.mjs";
import { chooseCards } from "../../book/lib/studykit/widgets/js/schedule.mjs";
import { random } from "../js/made.mjs";

const DAYS = [10, 14, 30];
const CARDS = [40, 120, 250];
const DAILY = [15, 40];
const READERS = 12;
const MODEL = new FSRSAlgorithm({ request_retention: 0.9 });

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const normal = (next) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Forgets as FSRS-6 says, with each weight a fifth off the published one, give or take. */
const fsrsReader = (next) => {
  const model = new FSRSAlgorithm({ w: MODEL.parameters.w.map((weight) => weight * Math.exp(0.2 * normal(next))) });
  return {
    first: 0.3 + 0.4 * next(),
    recall: ({ state, day }, now) => model.forgetting_curve(now - day, state.stability),
    learn: (known, day, right) =>
      ({ state: model.next_state(known?.state ?? null, known ? day - known.day : 0, right ? GOOD : AGAIN), day }),
  };
};

/** Forgets half in a time that grows with each success, the more the longer ago the last review was. */
const halfLifeReader = (next) => {
  const [fresh, growth] = [1.5 + 1.5 * next(), 1 + next()];
  const after = (life, waited, right) =>
    (right ? life * (1 + growth * Math.min(1, (2 * waited) / life)) : Math.max(fresh, 0.4 * life));
  return {
    first: 0.3 + 0.4 * next(),
    recall: ({ life, day }, now) => 2 ** ((day - now) / life),
    learn: (known, day, right) =>
      ({ life: known ? after(known.life, day - known.day, right) : right ? 200 : fresh, day }),
  };
};

/** Up to `count` cards of the first list, then of the next. */
const inTurn = (count, ...lists) => lists.flat().slice(0, count);
const isNew = ({ memory }) => !memory;
const byRecall = (now) => (a, b) => recallOn(a.memory, now) - recallOn(b.memory, now);

const WAYS = {
  schedule: (deck, { now, day, daily, first }) => {
    const chosen = new Set(chooseCards(deck, { now, day, daily, room: daily, first }).cards.map(({ id }) => id));
    return deck.filter(({ id }) => chosen.has(id));
  },
  fsrs: (deck, { now, count }) => {
    const isDue = ({ memory }) => now - memory.day >= MODEL.next_interval(memory.stability, 0);
    const seen = deck.filter((card) => !isNew(card)).sort(byRecall(now));
    return inTurn(count, seen.filter(isDue), deck.filter(isNew), seen.filter((card) => !isDue(card)));
  },
  even: (deck, { count }) =>
    inTurn(count, deck.filter(isNew), deck.filter((card) => !isNew(card)).sort((a, b) => a.memory.day - b.memory.day)),
};

/** A reader's days to the interview: recall on it, and how many reviews there were on each day. */
const learn = (way, reader, { days, cards, daily }, counts, next) => {
  const deck = Array.from({ length: cards }, (_, i) => ({ id: String(i).padStart(3, "0") }));
  const answers = { all: 0, right: 0 };
  const taken = [];
  for (let now = 0; now < days; now += 1) {
    const first = (answers.right + 1) / (answers.all + 2);
    const chosen = way(deck, { now, day: days, daily, first, count: counts?.[now] });
    for (const card of chosen) {
      const right = next() < (card.known ? reader.recall(card.known, now) : reader.first);
      if (isNew(card)) {
        answers.all += 1;
        answers.right += Number(right);
      }
      card.known = reader.learn(card.known, now, right);
      card.memory = review(card.memory, now, right ? GOOD : AGAIN);
    }
    taken.push(chosen.length);
  }
  const recalled = deck.map(({ known }) => (known ? reader.recall(known, days) : reader.first));
  return { recall: mean(recalled), taken, unseen: deck.filter(isNew).length };
};

const standardError = (values) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1));

/** A line of the table: mean recall by way, and how far the schedule is ahead of the others, with standard errors. */
const compare = (kind, makeReader, setting) => {
  const found = Array.from({ length: READERS }, (_, i) => {
    const run = (way, counts) => learn(WAYS[way], makeReader(random(100 + i)), setting, counts, random(1 + i));
    const schedule = run("schedule");
    return { schedule, fsrs: run("fsrs", schedule.taken), even: run("even", schedule.taken) };
  });
  const ahead = (way) => found.map((one) => one.schedule.recall - one[way].recall);
  const means = (field) =>
    Object.fromEntries(Object.keys(WAYS).map((way) => [way, mean(found.map((one) => one[way][field]))]));
  return {
    readers: kind,
    ...setting,
    reviews: mean(found.map(({ schedule }) => mean(schedule.taken) * setting.days)),
    recall: means("recall"),
    unseen: means("unseen"),
    ahead: Object.fromEntries(["fsrs", "even"].map((way) =>
      [way, { lead: mean(ahead(way)), error: standardError(ahead(way)) }])),
  };
};

const verdict = ({ lead, error }) => (lead > 2 * error ? "" : lead < -2 * error ? "behind" : "no difference");
const percent = (share) => (100 * share).toFixed(1).padStart(6);
const line = ({ readers, days, cards, daily, reviews, recall, ahead }) => [
  readers.padEnd(9), ...[days, cards, daily, Math.round(reviews)].map((number) => String(number).padStart(6)),
  ...Object.values(recall).map(percent),
  ...Object.values(ahead).flatMap(({ lead, error }) => [percent(lead), percent(error)]),
  ...Object.entries(ahead).filter(([, lead]) => verdict(lead)).map(([way, lead]) => `  ${verdict(lead)}: ${way}`),
].join("");

console.log(`Recall on the day in %, means of ${READERS} readers; how far the schedule is ahead, ± standard error`);
console.log("readers    days cards daily reviews  ours  FSRS  even  FSRS     ±  even     ±");
const kinds = { fsrs: fsrsReader, half: halfLifeReader };
const settings = DAYS.flatMap((days) => CARDS.flatMap((cards) => DAILY.map((daily) => ({ days, cards, daily }))));
const table = Object.entries(kinds).flatMap(([kind, makeReader]) => settings.map((setting) => {
  const row = compare(kind, makeReader, setting);
  console.log(line(row));
  return row;
}));
const [file] = process.argv.slice(2);
if (file) writeFileSync(file, `${JSON.stringify(table, null, 1)}\n`);
