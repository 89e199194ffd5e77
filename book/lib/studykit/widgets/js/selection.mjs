// Which questions are asked: what fits a choice or an address, and a mix of it. Nothing here touches the page.

import { GRADED } from "./task.mjs";

/** @import { IndexItem, ItemStatus } from "./types.d.ts" */
/** @typedef {(item: IndexItem) => ItemStatus} StatusOf how an item stands */
/** @typedef {{ exam?: boolean, minutes?: number }} Options of a set: minutes 0 is no clock */

export const FILTERS = ["stage", "responsibility", "kind", "level", "state"];
/** @type {Record<string, number>} */
const STATUS_RANKS = { unseen: 0, changed: 0, wrong: 1 };

/**
 * A list in an order of chance.
 *
 * @template Item
 * @param {Item[]} list
 * @param {() => number} random
 */
const shuffled = (list, random) =>
  list.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);

/**
 * Up to `count` of `items`, those not answered first, then the missed ones, taken from the banks in turn. Where several
 * could be the first, it is one that is `here` already, by id.
 *
 * @param {IndexItem[]} items
 * @param {number} count
 * @param {StatusOf} statusOf
 * @param {Record<string, unknown>} [here]
 * @param {() => number} [random]
 */
export const mixQuestions = (items, count, statusOf, here = {}, random = Math.random) => {
  /** @param {IndexItem} item */
  const rank = (item) => STATUS_RANKS[statusOf(item)] ?? 2;
  /** @type {Map<string, number>} */
  const turns = new Map();
  const all = shuffled(items, random).sort((a, b) => rank(a) - rank(b));
  const first = all.find(({ id }) => Object.hasOwn(here, id));
  const queue = all.sort((a, b) => rank(a) - rank(b) || Number(b === first) - Number(a === first)).map((item) => {
    const turn = (turns.get(item.bank) ?? -1) + 1;
    turns.set(item.bank, turn);
    return { rank: rank(item), turn, item };
  });
  return queue.sort((a, b) => a.rank - b.rank || a.turn - b.turn).slice(0, count).map(({ item }) => item);
};

/** Whether an exam can ask it: what is judged without the reader. @param {IndexItem} item */
const isGradable = ({ type }) => GRADED.includes(type);

/**
 * What a set of no particular questions is mixed from: an exercise is asked beside the tables that answer it, so it
 * comes here only by its name.
 *
 * @type {(index: IndexItem[], options?: Options) => IndexItem[]}
 */
export const defaultPool = (index, options = {}) =>
  index.filter((item) => !item.exercise && (options.exam ? isGradable(item) : item.type !== "open"));

/**
 * Whether an item has a value that a filter names.
 *
 * @type {(item: IndexItem, name: string, value: string, statusOf: StatusOf) => boolean}
 */
const matchesFilter = (item, name, value, statusOf) => {
  switch (name) {
    case "stage": return item.stage === value;
    case "responsibility": return Boolean(item.responsibility?.includes(value));
    case "kind": return item.type === value;
    case "level": return item.level === value;
    default: return statusOf(item) === value;
  }
};

/**
 * What fits every filter, and the exam; no exercise.
 *
 * @param {IndexItem[]} index
 * @param {Record<string, string>} filters value by name; "" for all
 * @param {StatusOf} statusOf
 * @param {boolean} exam
 */
export const filterItems = (index, filters, statusOf, exam) => index.filter((item) => !item.exercise
  && (!exam || isGradable(item)) && FILTERS.every((name) => !filters[name] || matchesFilter(item, name, filters[name], statusOf)));

/**
 * What an address asks for: `?set=` of items, banks and sections, `?exam=` of minutes, filters by name.
 *
 * @param {string} search
 * @param {IndexItem[]} index
 */
export const parseSearch = (search, index) => {
  const query = new URLSearchParams(search);
  /** @type {string[]} */
  const unknown = [];
  const named = (query.get("set") ?? "").split(",").filter(Boolean).flatMap((name) => {
    const one = index.filter(({ id }) => id === name);
    const found = one.length ? one
      : index.filter(({ bank, learn, exercise }) => !exercise && (bank === name || learn === name));
    if (found.length === 0) unknown.push(name);
    return found;
  });
  const minutes = Number(query.get("exam"));
  /** @type {Options} */
  const options = query.has("exam") ? { exam: true, minutes: minutes > 1 ? Math.min(minutes, 600) : 0 } : {};
  const items = [...new Set(named)].filter((item) => !options.exam || isGradable(item));
  /** @type {Record<string, string>} */
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
  return { items, unknown, options, filters };
};

/** The address that asks a set again. @type {(set: { ids: string[] } & Options) => string} */
export const buildSearch = ({ ids, exam, minutes }) => {
  const query = new URLSearchParams({ set: ids.join(",") });
  if (exam) query.set("exam", String(minutes || 1));
  return `?${query}`.replaceAll("%2C", ",");
};
