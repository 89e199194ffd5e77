// A number as it was typed for an answer, in the question's unit.

import { askBack, parseNumber, sameUnit } from "./number.mjs";

/** @import { Units } from "./types.d.ts" */

/** How many of what a unit counts it stands for: a thousand for thousand USD. @param {string} unit */
const scaleOf = (unit) => (unit.startsWith("thousand ") ? 1e3 : unit.startsWith("million ") ? 1e6 : 1);

/**
 * What a number without a unit may mean as well, to ask back: 0.05 where a percentage is wanted, 51,000 where
 * thousands are.
 *
 * @param {number} value
 * @param {string} unit
 */
const doubts = (value, unit) => {
  const size = Math.abs(value);
  /** @param {number} number */
  const shown = (number) => withUnit(String(Number(number.toPrecision(12))), unit);
  if (unit === "%") return size > 0 && size < 1 ? [shown(value), shown(100 * value)] : [];
  const scale = scaleOf(unit);
  return scale > 1 && size >= 1000 ? [shown(value / scale), shown(value)] : [];
};

/** How many of the wanted unit a typed one is worth. @type {(typed: string, task: Units) => number | undefined} */
const factorOf = (typed, { unit, units }) =>
  Object.entries({ [unit]: 1, ...units }).find(([name]) => sameUnit(typed, name))?.[1];

/**
 * What to ask back of an answer that reads in several ways: each of them as an answer, once; or what is wrong with it.
 *
 * @param {Units} task
 * @param {string[]} asks
 * @param {boolean} named whether the unit was typed and taken off
 * @returns {{ error: string, asks?: string[], value?: undefined, read?: undefined }}
 */
const narrowed = (task, asks, named) => {
  const meant = asks.map((ask) => (named ? withUnit(ask.trim(), task.unit) : ask));
  const found = meant.flatMap((ask) => parseAnswer(task, ask).asks ?? [ask])
    .map((ask) => ({ ask, ...parseAnswer(task, ask) }));
  for (const { error } of found) if (error !== undefined) return { error };
  return askBack(...new Map(found.map(({ value, ask }) => [value, ask])).values());
};

/**
 * What was typed as an answer, in the question's unit: `{ value, read }`, or `{ error }` in words.
 *
 * @param {Units} task
 * @param {string} text
 * @returns {{ value: number, read: string, error?: undefined, asks?: undefined }
 *   | { value?: undefined, read?: undefined, error: string, asks?: string[] }}
 */
export const parseAnswer = ({ unit, units }, text) => {
  const whole = text.trim();
  // a unit may hold digits: claims per 100 returns
  const named = whole.toLowerCase().endsWith(` ${unit}`.toLowerCase());
  const parsed = parseNumber(named ? whole.slice(0, -unit.length) : whole);
  if (parsed.error !== undefined) return parsed.asks ? narrowed({ unit, units }, parsed.asks, named) : parsed;
  const { value, percent, unit: typed, read, times } = parsed;
  if (!typed && !named) {
    const asks = times ? [] : doubts(value, unit);
    if (asks.length) return askBack(...asks);
    const amount = times ? value / scaleOf(unit) : value; // 51k is 51 thousand
    return { value: amount, read: `Read as ${withUnit(times ? String(Number(amount.toPrecision(12))) : read, unit)}.` };
  }
  const factor = typed ? factorOf(typed, { unit, units }) : 1;
  if (factor === undefined) return { error: `The answer is wanted in ${unit}; you typed ${typed}.` };
  return { value: (percent ? value * 100 : value) * factor, read: `Read as ${typed ? read : withUnit(read, unit)}.` };
};

/** @type {(text: string, unit: string) => string} */
export const withUnit = (text, unit) => text + (unit === "%" ? unit : ` ${unit}`);
