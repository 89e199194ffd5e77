// A number as it was typed for an answer, in the question's unit.

import { parseNumber, sameUnit } from "./number.mjs";

/** @import { Units } from "./types.d.ts" */

/**
 * What was typed as an answer, in the question's unit: `{ value, read }`, or `{ error }` in words.
 *
 * @param {Units} task
 * @param {string} text
 * @returns {{ value: number, read: string, error?: undefined }
 *   | { value?: undefined, read?: undefined, error: string }}
 */
export const parseAnswer = ({ unit, units }, text) => {
  const whole = text.trim();
  // a unit may hold digits: claims per 100 returns
  const named = whole.toLowerCase().endsWith(` ${unit}`.toLowerCase());
  // 51k is 51 thousand
  const bare = unit.startsWith("thousand ") ? whole.replace(/^([-+]?[\d.,' ]*\d) *k$/i, "$1") : whole;
  const parsed = parseNumber(named ? whole.slice(0, -unit.length) : bare);
  if (parsed.error !== undefined) return { error: parsed.error };
  const { value, percent, unit: typed, read } = parsed;
  const factor = !typed || sameUnit(typed, unit) ? 1 : units[typed.toLowerCase()];
  if (factor === undefined) return { error: `The answer is wanted in ${unit}; you typed ${typed}.` };
  return { value: (percent ? value * 100 : value) * factor, read: `Read as ${typed ? read : withUnit(read, unit)}.` };
};

/** @type {(text: string, unit: string) => string} */
export const withUnit = (text, unit) => text + (unit === "%" ? unit : ` ${unit}`);
