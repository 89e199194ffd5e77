// In which order choices are shown: another one at each showing, the same one until the attempt is over. An order is
// made of a seed, so that a tab keeps one number a question. The log knows choices by their ids and no order.

/**
 * What holds the seeds of the questions that are shown, by the question's id.
 *
 * @typedef {{ get(id: string): number | undefined, set(id: string, seed: number): unknown }} Seeds
 */

/** A whole number below 2³² that looks random and is always the same for `text`. @param {string} text */
const mixed = (text) => {
  let bits = 0x811c9dc5; // FNV-1a, then each bit spread over all others
  for (const unit of new TextEncoder().encode(text)) bits = Math.imul(bits ^ unit, 0x01000193);
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) bits = Math.imul(bits ^ (bits >>> 15), factor);
  return (bits ^ (bits >>> 16)) >>> 0;
};

/**
 * `choices` in the order of a seed, which looks random; in their own order without one.
 *
 * @template {{ id: string }} Choice
 * @param {Choice[]} choices
 * @param {number} [seed]
 */
export const arranged = (choices, seed) => (seed === undefined ? choices
  : choices.map((choice) => ({ choice, at: mixed(`${seed}/${choice.id}`) }))
    .sort((a, b) => a.at - b.at).map(({ choice }) => choice));

export const drawSeed = () => Math.floor(Math.random() * 2 ** 32);

/**
 * The seeds of this page in this tab: a reload and the way back find them, who comes by a link sees other orders.
 *
 * @returns {Seeds}
 */
export const tabSeeds = () => {
  const key = `orders ${location.pathname}`;
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const visit = performance.timeOrigin;
  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(key) ?? "{}");
    } catch {
      return {};
    }
  };
  return {
    get: (id) => {
      const [seed, from] = kept()[id] ?? [];
      return from === visit || way?.type !== "navigate" ? seed : undefined;
    },
    set: (id, seed) => {
      try {
        sessionStorage.setItem(key, JSON.stringify({ ...kept(), [id]: [seed, visit] }));
      } catch {} // an order is then another one after a reload
    },
  };
};
