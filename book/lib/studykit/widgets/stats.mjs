// What a log says: derived from its entries and the bank's index, nothing is kept. `studykit.progress` counts the same.

/** The latest entry of each item, by item; `entries` in the order of time. */
export const latest = (entries) => new Map(entries.map((entry) => [entry.item, entry]));

/** How an item stands: "unseen", "changed" (answered before it changed), "right", "wrong" or "seen" (not graded). */
export const standing = (item, entry) => (!entry ? "unseen" : entry.rev !== item.rev ? "changed" : entry.verdict);

const judged = (entries) => entries.filter(({ verdict }) => verdict !== "seen");
const tally = (entries) => ({ answers: entries.length, right: entries.filter(({ verdict }) => verdict === "right").length });

/** Answers of all times, and the share of the graded ones that were right. */
export const accuracy = (entries) => tally(judged(entries));

/** Graded answers and right ones by day, as `[day, { answers, right }]`, in the reader's own time. */
export const byDay = (entries) => {
  const days = new Map();
  for (const entry of judged(entries)) {
    const at = new Date(entry.time);
    const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days].map(([day, found]) => [day, tally(found)]);
};

/** Graded answers and right ones by certainty, 1 to 3. */
export const byCertainty = (entries) =>
  [1, 2, 3].map((level) => [level, tally(judged(entries).filter(({ certainty }) => certainty === level))]);

/** Items, answered ones and those last answered right, by `stage/responsibility`. */
export const coverage = (index, entries) => {
  const last = latest(entries);
  const cells = new Map();
  for (const item of index) {
    const how = standing(item, last.get(item.id));
    for (const responsibility of item.responsibility?.length ? item.responsibility : [""]) {
      const key = `${item.stage}/${responsibility}`;
      const cell = cells.get(key) ?? { items: 0, answered: 0, right: 0 };
      cells.set(key, {
        items: cell.items + 1,
        answered: cell.answered + (how !== "unseen" && how !== "changed"),
        right: cell.right + (how === "right"),
      });
    }
  }
  return cells;
};

/** Items last answered wrong, the ones missed most often first: `{ item, missed, time }`. */
export const weakSpots = (index, entries) => {
  const last = latest(entries);
  return index.filter((item) => standing(item, last.get(item.id)) === "wrong").map((item) => ({
    item,
    missed: entries.filter((entry) => entry.item === item.id && entry.verdict === "wrong").length,
    time: last.get(item.id).time,
  })).sort((a, b) => b.missed - a.missed || b.time - a.time);
};
