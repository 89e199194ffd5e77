// What a reader remembers of each card, derived from the log: FSRS-6 with its published weights, as ts-fsrs computes
// it. Time is counted in the reader's own calendar days; several answers on one day follow the model's short-term rule.

import { FSRSAlgorithm } from "../../vendor/ts-fsrs-5.4.2.min.mjs";

/** @import { Entry } from "./types.d.ts" */
/** @typedef {Entry & { grade?: number }} Review an answer; `grade` 1 to 4 is again, hard, good, easy */
/** @typedef {{ id: string, rev: number }} DeckItem */
/** @typedef {{ stability: number, difficulty: number, day: number }} Memory after the last review, on `day` */
/** @typedef {{ predicted: number, recalled: boolean }} Forecast what was expected of a review, and what came */
/** @typedef {{ from: number, to: number, count: number, predicted: number, actual: number }} Bin means of forecasts */

export const AGAIN = 1;
export const GOOD = 3;
export const DAY = 86_400_000; // milliseconds
const MODEL = new FSRSAlgorithm({ enable_fuzz: false });

/** The number of the calendar day on which a moment falls for the reader. @param {number} time in milliseconds */
export const localDay = (time) => {
  const at = new Date(time);
  return Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / DAY;
};

/** The number of a day written as 2026-12-24, or undefined where that is no day. @param {string | undefined} text */
export const parseDay = (text) => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / DAY;
};

/**
 * The chance that a card is recalled on a day; 0 for one that was never seen.
 *
 * @param {Memory | undefined} memory
 * @param {number} day
 * @returns {number}
 */
export const recallOn = (memory, day) =>
  (memory ? MODEL.forgetting_curve(Math.max(0, day - memory.day), memory.stability) : 0);

/**
 * The memory after a review on `day`; without one before it, after a first one.
 *
 * @param {Memory | undefined} memory
 * @param {number} day
 * @param {number} grade 1 to 4
 * @param {number} [recall] predicted for the day, where it is known already
 * @returns {Memory}
 */
export const review = (memory, day, grade, recall) => {
  const elapsed = memory ? Math.max(0, day - memory.day) : 0;
  const { stability, difficulty } = MODEL.next_state(memory ?? null, elapsed, grade, recall);
  return { stability, difficulty, day };
};

/** @param {Review} entry */
const gradeOf = ({ grade, verdict }) => grade ?? (verdict === "right" ? GOOD : AGAIN);

/**
 * What the log says of a deck: each card's memory and its last review, what was expected of every review on a later
 * day than the one before it, and first answers. An answer to another revision, or one that nobody judged, is none.
 *
 * @param {DeckItem[]} deck
 * @param {Review[]} entries in the order of time
 */
export const replay = (deck, entries) => {
  const revisions = new Map(deck.map(({ id, rev }) => [id, rev]));
  /** @type {Map<string, { memory: Memory, last: Review }>} */
  const cards = new Map();
  /** @type {Forecast[]} */
  const forecasts = [];
  const first = { answers: 0, right: 0 };
  for (const entry of entries) {
    if (entry.verdict === "seen" || revisions.get(entry.item) !== entry.rev) continue;
    const day = localDay(entry.time);
    const grade = gradeOf(entry);
    const recalled = grade > AGAIN;
    const before = cards.get(entry.item)?.memory;
    if (!before) {
      first.answers += 1;
      first.right += Number(recalled);
    } else if (day > before.day) forecasts.push({ predicted: recallOn(before, day), recalled });
    cards.set(entry.item, { memory: review(before, day, grade), last: entry });
  }
  return { cards, forecasts, first };
};

/**
 * Predicted against actual recall, in ten bins of predicted recall; a bin without a review is left out. What comes
 * back on the day of the review before it tests nothing and is no forecast.
 *
 * @param {DeckItem[]} deck
 * @param {Review[]} entries in the order of time
 * @returns {Bin[]}
 */
export const calibration = (deck, entries) => {
  const { forecasts } = replay(deck, entries);
  return Array.from({ length: 10 }, (_, i) => {
    const found = forecasts.filter(({ predicted }) => Math.min(9, Math.floor(predicted * 10)) === i);
    const predicted = found.reduce((sum, forecast) => sum + forecast.predicted, 0) / found.length;
    const actual = found.filter(({ recalled }) => recalled).length / found.length;
    return { from: i / 10, to: (i + 1) / 10, count: found.length, predicted, actual };
  }).filter(({ count }) => count > 0);
};
