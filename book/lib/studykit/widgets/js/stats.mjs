// What a log says: derived from its entries and the bank's index, nothing is kept. `studykit.progress` counts the same.

/** @import { Entry, IndexItem, ItemStatus, Verdict } from "./types.d.ts" */
/** @typedef {{ answers: number, right: number }} Tally */
/** @typedef {{ items: number, answered: number, right: number }} Cell */

/**
 * Entries under the ids of today: an answer to an item that was merged counts for the one that took its place.
 *
 * @param {{ id: string, replaces?: string[] }[]} index
 * @param {Entry[]} entries
 */
export const underCurrentIds = (index, entries) => {
  const places = new Map(index.flatMap(({ id, replaces = [] }) => replaces.map((old) => [old, id])));
  return entries.map((entry) => ({ ...entry, item: places.get(entry.item) ?? entry.item }));
};

/**
 * The latest entry of each item, by item; `entries` in the order of time.
 *
 * @param {Entry[]} entries
 */
export const latestByItem = (entries) => new Map(entries.map((entry) => [entry.item, entry]));

/**
 * How an item stands: "unseen", "changed" (answered before it changed), "right", "wrong" or "seen" (not graded).
 *
 * @param {{ rev: number }} item
 * @param {{ rev: number, verdict: Verdict } | undefined} entry its latest
 * @returns {ItemStatus}
 */
export const itemStatus = (item, entry) => (!entry ? "unseen" : entry.rev !== item.rev ? "changed" : entry.verdict);

/** @param {Entry[]} entries */
const gradedEntries = (entries) => entries.filter(({ verdict }) => verdict !== "seen");
/** @type {(entries: Entry[]) => Tally} */
const tally = (entries) => {
  const right = entries.filter(({ verdict }) => verdict === "right");
  return { answers: entries.length, right: right.length };
};

/**
 * Graded answers of all times, and how many of them were right.
 *
 * @param {Entry[]} entries
 */
export const accuracy = (entries) => tally(gradedEntries(entries));

/**
 * Graded answers and right ones by day, as `[day, { answers, right }]`, in the reader's own time.
 *
 * @param {Entry[]} entries
 * @returns {[string, Tally][]}
 */
export const byDay = (entries) => {
  /** @type {Map<string, Entry[]>} */
  const days = new Map();
  for (const entry of gradedEntries(entries)) {
    const at = new Date(entry.time);
    const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
    const day = parts.map((part) => String(part).padStart(2, "0")).join("-");
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, found]) => [day, tally(found)]);
};

/**
 * Graded answers and right ones by certainty, 1 to 3.
 *
 * @param {Entry[]} entries
 * @returns {[number, Tally][]}
 */
export const byCertainty = (entries) =>
  [1, 2, 3].map((level) => [level, tally(gradedEntries(entries).filter(({ certainty }) => certainty === level))]);

/**
 * Items, answered ones and those last answered right, by `stage/responsibility`; exercises are no part of a set.
 *
 * @param {IndexItem[]} index
 * @param {Entry[]} entries
 */
export const coverage = (index, entries) => {
  const last = latestByItem(entries);
  /** @type {Map<string, Cell>} */
  const cells = new Map();
  for (const item of index.filter(({ exercise }) => !exercise)) {
    const status = itemStatus(item, last.get(item.id));
    for (const responsibility of item.responsibility?.length ? item.responsibility : [""]) {
      const key = `${item.stage}/${responsibility}`;
      const cell = cells.get(key) ?? { items: 0, answered: 0, right: 0 };
      cells.set(key, {
        items: cell.items + 1,
        answered: cell.answered + Number(status !== "unseen" && status !== "changed"),
        right: cell.right + Number(status === "right"),
      });
    }
  }
  return cells;
};

/**
 * Items last answered wrong, the ones missed most often first: `{ item, missed, time }`.
 *
 * @param {IndexItem[]} index
 * @param {Entry[]} entries
 */
export const weakSpots = (index, entries) => {
  const last = latestByItem(entries);
  return index.flatMap((item) => {
    const entry = last.get(item.id);
    if (!entry || itemStatus(item, entry) !== "wrong") return [];
    const missed = entries.filter(({ item: id, verdict }) => id === item.id && verdict === "wrong").length;
    return [{ item, missed, time: entry.time }];
  }).sort((a, b) => b.missed - a.missed || b.time - a.time);
};
