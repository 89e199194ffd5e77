// What to do with today's minutes, and why; how ready each stage is. Derived from the log and the bank's index, with
// nothing kept and nothing of the page.

import { localDay, parseDay, recallOn, replay } from "./memory.mjs";
import { DEFAULT_DAYS, reviewsToday } from "./schedule.mjs";
import { itemStatus, latestByItem, weakSpots } from "./stats.mjs";
import { storiesOf } from "./story.mjs";

/** @import { Memory } from "./memory.mjs" */
/** @import { Entry, IndexItem, NoteValue } from "./types.d.ts" */
/**
 * @typedef {object} Plan what the reader set
 * @property {string} day of the next round, as 2026-12-24; "" where none is set
 * @property {number} minutes a day
 * @property {string} stage of the next round; "" where it is not known
 */
/** @typedef {{ days: number, day: number, set: boolean }} Time until the round, its `day` by number */
/**
 * @typedef {object} Task
 * @property {"sheet" | "cards" | "aloud" | "story" | "test" | "read"} kind
 * @property {number} minutes
 * @property {string} reason
 * @property {IndexItem} [item] a question, or what was missed
 * @property {string} [stage]
 * @property {number} [count] of cards
 */
/**
 * @typedef {object} Readiness of a stage
 * @property {string} stage
 * @property {number} items closed questions
 * @property {number} answered
 * @property {number} right the last time
 * @property {number} recalled of them on the day, as the memory model predicts
 * @property {number} open questions to say aloud
 * @property {number} spoken
 * @property {number} scored
 * @property {number} score mean of the rows of those scored, 1 to 5
 */

const CARD_SECONDS = 30;
const CARD_SHARE = 0.4; // of the day's minutes
const MINUTES = { sheet: 10, aloud: 6, story: 10, test: 10, read: 10 };
const LEAST_ANSWERS = 5; // before a share of right answers says anything

/** The plan as the log has it. @param {Map<string, NoteValue>} notes @returns {Plan} */
export const planOf = (notes) => {
  const { day, minutes, stage } = notes.get("plan") ?? {};
  return {
    day: typeof day === "string" && parseDay(day) !== undefined ? day : "",
    minutes: typeof minutes === "number" && minutes >= 5 && minutes <= 600 ? minutes : 45,
    stage: typeof stage === "string" ? stage : "",
  };
};

/** @type {(plan: Plan, now: number) => Time} */
export const timeLeft = ({ day }, now) => {
  const today = localDay(now);
  const named = parseDay(day);
  const set = named !== undefined && named >= today;
  const at = set ? named : today + DEFAULT_DAYS;
  return { days: at - today, day: at, set };
};

/** Minutes of a day that go to cards. @param {Plan} plan */
const cardMinutes = ({ minutes }) => Math.ceil(minutes * CARD_SHARE);

/**
 * The day's cards, as `reviewsToday` plans them.
 *
 * @param {IndexItem[]} index
 * @param {Entry[]} entries in the order of time
 * @param {Plan} plan
 * @param {number} now
 */
export const cardsToday = (index, entries, plan, now) => reviewsToday({
  deck: index.filter(isCard), entries, now, interview: plan.day, minutes: cardMinutes(plan), seconds: CARD_SECONDS,
});

/** Whether it can be a card: closed, and no exercise of a notebook. @param {IndexItem} item */
export const isCard = ({ type, exercise }) => type !== "open" && !exercise;

/** @param {Entry} entry */
const meanScore = ({ scores = {} }) => {
  const points = Object.values(scores);
  return points.length ? points.reduce((sum, point) => sum + point, 0) / points.length : undefined;
};

/**
 * How ready each stage is, with what each figure rests on.
 *
 * @param {string[]} stages
 * @param {IndexItem[]} index
 * @param {Entry[]} entries in the order of time
 * @param {number} day of the interview
 * @returns {Readiness[]}
 */
export const readiness = (stages, index, entries, day) => {
  const last = latestByItem(entries);
  const { cards } = replay(index, entries);
  return stages.map((stage) => {
    const closed = index.filter((item) => item.stage === stage && isCard(item));
    const open = index.filter((item) => item.stage === stage && item.type === "open");
    const status = closed.map((item) => itemStatus(item, last.get(item.id)));
    const spoken = open.flatMap((item) => {
      const entry = last.get(item.id);
      return entry && itemStatus(item, entry) !== "changed" ? [entry] : [];
    });
    const scores = spoken.map(meanScore).filter((score) => score !== undefined);
    return {
      stage, items: closed.length, open: open.length, spoken: spoken.length, scored: scores.length,
      answered: status.filter((one) => one === "right" || one === "wrong").length,
      right: status.filter((one) => one === "right").length,
      recalled: closed.reduce((sum, { id }) => sum + recallOn(cards.get(id)?.memory, day), 0),
      score: scores.reduce((sum, score) => sum + score, 0) / (scores.length || 1),
    };
  });
};

/**
 * The stage that needs it most: the least answered; once enough was answered in each, the one with the least right.
 *
 * @param {Readiness[]} ready
 */
const weakestStage = (ready) => {
  const started = ready.filter(({ items }) => items);
  const unsure = started.filter(({ answered, items }) => answered < Math.min(LEAST_ANSWERS, items));
  /** @type {(one: Readiness) => number} */
  const share = ({ answered, right, items }) => (unsure.length ? answered / items : right / answered);
  return (unsure.length ? unsure : started).reduce((least, one) => (share(one) < share(least) ? one : least));
};

/**
 * The question to say aloud: of the next round's stage where it is known, else of the weakest; first those that the
 * prep article reports, then what was never spoken, then what scored least, then what was spoken longest ago. None
 * that was spoken today.
 *
 * @param {IndexItem[]} index
 * @param {Entry[]} entries
 * @param {string} stage
 * @param {number} today
 */
const nextAloud = (index, entries, stage, today) => {
  const last = latestByItem(entries);
  /** @param {IndexItem} item */
  const rank = (item) => {
    const entry = last.get(item.id);
    return [
      Number(Boolean(entry)), Number(!item.reported), entry ? (meanScore(entry) ?? 3) : 0, entry?.time ?? 0,
    ];
  };
  const open = index.filter((item) => item.type === "open" && item.stage === stage)
    .filter(({ id }) => localDay(last.get(id)?.time ?? 0) !== today)
    .map((item) => ({ item, rank: rank(item) }));
  /** @type {(a: { rank: number[] }, b: { rank: number[] }) => number} */
  const byRank = (a, b) => a.rank.map((part, i) => part - b.rank[i]).find((difference) => difference !== 0) ?? 0;
  return open.sort(byRank)[0]?.item;
};

/** @param {number} left days, 0 or 1 */
const dayWord = (left) => (left ? "tomorrow" : "today");

/** @typedef {{ count: number, urgent: number }} DueCards to review today, and of them those missed while sure */

/** @type {(cards: DueCards, plan: Plan) => Task | undefined} */
const cardTask = ({ count, urgent }, plan) => {
  const needed = Math.min(Math.ceil((count * CARD_SECONDS) / 60), cardMinutes(plan));
  const why = "add most to what you recall on the day.";
  return count ? {
    kind: "cards", minutes: needed, count: Math.min(count, Math.floor((needed * 60) / CARD_SECONDS)),
    reason: urgent ? `You missed ${urgent} of them though you were sure; the others ${why}` : `They ${why}`,
  } : undefined;
};

/** @type {(weakest: Readiness) => Task | undefined} */
const testTask = ({ stage, items, answered, right }) => (items ? {
  kind: "test", minutes: MINUTES.test, stage,
  reason: answered < LEAST_ANSWERS
    ? `${answered} of ${items} questions answered: too few to know where you stand.`
    : `${right} of ${answered} right the last time: your lowest share.`,
} : undefined);

/** @type {(index: IndexItem[], entries: Entry[]) => Task | undefined} */
const readTask = (index, entries) => {
  const worst = weakSpots(index, entries).find(({ item }) => item.learn);
  return worst && {
    kind: "read", minutes: MINUTES.read, item: worst.item,
    reason: worst.missed > 1 ? `You missed its question ${worst.missed} times.` : "You missed its question.",
  };
};

/** @type {(index: IndexItem[], notes: Map<string, NoteValue>, stage: string) => Task | undefined} */
const storyTask = (index, notes, stage) => {
  const told = new Set(storiesOf(notes).flatMap(({ questions }) => questions));
  const untold = index.filter(({ id, reported }) => reported && !told.has(id));
  const item = untold.find((one) => one.stage === stage) ?? untold[0];
  const reason = "No story of yours answers this question yet.";
  return item && { kind: "story", minutes: MINUTES.story, item, reason };
};

/**
 * Today's list, in order, within the minutes; the first thing on it stays even where they are too few.
 *
 * @param {object} given
 * @param {Plan} given.plan
 * @param {IndexItem[]} given.index
 * @param {Record<string, string>} given.stages names in order
 * @param {Entry[]} given.entries in the order of time
 * @param {Map<string, NoteValue>} given.notes
 * @param {DueCards} given.cards
 * @param {number} given.now
 * @returns {Task[]}
 */
export const agenda = ({ plan, index, stages, entries, notes, cards, now }) => {
  const { days: left, day, set } = timeLeft(plan, now);
  const weakest = weakestStage(readiness(Object.keys(stages), index, entries, day));
  const named = Object.hasOwn(stages, plan.stage);
  const stage = named ? plan.stage : weakest.stage;
  const item = nextAloud(index, entries, stage, localDay(now));
  const again = item && entries.some((entry) => entry.item === item.id);
  const reason = `${stages[stage]} is ${named ? "your next round" : "the stage that needs it most"}, and ${
    again ? "this answer can get better" : "you haven't said this answer yet"}.`;
  /** @type {(Task | undefined)[]} */
  const wanted = [
    set && left <= 1
      ? { kind: "sheet", minutes: MINUTES.sheet, reason: `The interview is ${dayWord(left)}.` } : undefined,
    cardTask(cards, plan), item && { kind: "aloud", minutes: MINUTES.aloud, item, reason },
    storyTask(index, notes, stage), testTask(weakest), readTask(index, entries),
  ];
  let room = plan.minutes;
  return wanted.filter((task) => task !== undefined).filter(({ minutes }, i) => {
    const fits = minutes <= room || i === 0;
    if (fits) room -= minutes;
    return fits;
  });
};
