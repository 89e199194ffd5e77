// A few rounds against a scripted counterpart: the same game for the same seed. All worths are whole numbers, and the
// seed draws by 32-bit arithmetic, so that `play` gives what its twin in Python gives.

/** @typedef {{ text: string, you: number, them: number }} Option */
/** @typedef {{ name: string, options: Option[], because?: string }} Issue */
/** @typedef {number[]} Package one option of each issue */
/**
 * @typedef {object} Game
 * @property {Issue[]} issues
 * @property {number} your_batna what your alternative is worth to you
 * @property {number} their_batna
 * @property {[number, number][]} aspiration by round, in percent
 * @property {[number, number]} reserve in percent
 */
/** @typedef {{ ask?: number, offer?: Package, accept?: boolean, walk?: boolean }} Step */
/**
 * @typedef {object} GameEvent
 * @property {number} round
 * @property {"you" | "them"} by
 * @property {"ask" | "offer" | "counter" | "accept" | "walk"} did
 * @property {number} [issue] asked about
 * @property {number} [rank] of that issue
 * @property {Package} [package]
 */
/** @typedef {{ deal: Package | null, you: number, them: number }} Outcome */
/** @typedef {{ issue: number, option: number, you: number, them: number }} Trade */
/**
 * @typedef {object} Debrief
 * @property {number} you
 * @property {number} them
 * @property {Package} could the best for you with them as well off
 * @property {number} gap
 * @property {Package} best the most they would have taken
 * @property {number} best_you
 * @property {Trade[]} trades
 */

/** Whole numbers below 2^32 by seed. @param {number} seed */
const mulberry32 = (seed) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/**
 * Which of `packages` is first by `better` (above 0: the first argument); of equals the earlier.
 *
 * @param {Package[]} packages
 * @param {(one: Package, other: Package) => number} better
 */
const bestPackage = (packages, better) => packages.reduce((found, next) => (better(next, found) > 0 ? next : found));

/**
 * What the seed draws of the other side, and how it answers.
 *
 * @param {Game} game
 * @param {number} seed
 */
export const counterpart = ({ issues, their_batna, aspiration, reserve }, seed) => {
  const next = mulberry32(seed);
  /** @param {[low: number, high: number]} range */
  const draw = ([low, high]) => low + (next() % (high - low + 1));
  const priority = draw([0, issues.length - 1]);
  const reservation = their_batna - Math.floor((their_batna * draw(reserve)) / 100);
  const held = aspiration.map(draw).map((share) => reservation - Math.floor((reservation * share) / 100));
  const aspirations = [...held, reservation];
  const them = issues.map(({ options }, at) => options.map((option) => option.them * (at === priority ? 2 : 1)));
  /** @type {Package[]} */
  const none = [[]];
  const packages = issues.reduce((all, { options }) =>
    all.flatMap((one) => options.map((_, at) => [...one, at])), none);
  /** @param {Package} one */
  const worth = (one) => sum(one.map((option, at) => them[at][option]));
  /** @param {Package} one */
  const yours = (one) => sum(one.map((option, at) => issues[at].options[option].you));
  const spans = them.map((worths) => Math.max(...worths) - Math.min(...worths));
  /** How much an issue matters to them, from 1. @param {number} issue */
  const rank = (issue) =>
    1 + spans.filter((span, at) => span > spans[issue] || (span === spans[issue] && at < issue)).length;
  /** @param {number} wanted */
  const acceptable = (wanted) => packages.filter((one) => worth(one) >= wanted);
  /** The best for you of what gives them so much. @param {number} wanted */
  const best = (wanted) => bestPackage(acceptable(wanted), (a, b) => yours(a) - yours(b) || worth(a) - worth(b));
  /** Their counter-offer to the last offer, or null where they take it. @param {Package[]} offers */
  const reply = (offers) => {
    const wanted = aspirations[offers.length - 1];
    const offer = offers[offers.length - 1];
    if (worth(offer) >= wanted) return null;
    const kept = offer.map((option, at) => offers.filter((earlier) => earlier[at] === option).length);
    /** @param {Package} one */
    const steps = (one) => sum(one.map((option, at) => kept[at] * Math.abs(option - offer[at])));
    return bestPackage(acceptable(wanted), (a, b) => steps(b) - steps(a) || worth(a) - worth(b));
  };
  return { priority, reserve: reservation, aspirations, packages, them, worth, yours, rank, best, reply };
};

/** A table to play at: every step adds to `events`; `deal` is undefined until the end, then a package or null. */
export class Table {
  /**
   * @param {Game} game
   * @param {number} seed
   */
  constructor(game, seed) {
    this.game = game;
    this.other = counterpart(game, seed);
    /** @type {GameEvent[]} */
    this.events = [];
    /** @type {Package[]} */
    this.offers = [];
    this.theirOffer = this.other.packages[0]; // their offer
    this.round = 1;
    this.rounds = this.other.aspirations.length;
    this.asked = false; // in this round
    /** @type {Package | null | undefined} */
    this.deal = undefined;
  }

  /** @type {(by: GameEvent["by"], did: GameEvent["did"], what?: Partial<GameEvent>) => void} */
  record(by, did, what) {
    this.events.push({ round: this.round, by, did, ...what });
  }

  /** @param {Step} step */
  step({ ask, accept, walk, offer }) {
    if (ask !== undefined) {
      this.asked = true;
      this.record("you", "ask", { issue: ask, rank: this.other.rank(ask) });
    } else if (accept || walk) {
      this.record("you", accept ? "accept" : "walk");
      this.deal = accept ? this.theirOffer : null;
    } else if (offer) {
      this.offer(offer);
    }
  }

  /** @param {Package} offer */
  offer(offer) {
    this.offers.push(offer);
    this.record("you", "offer", { package: offer });
    const counter = this.other.reply(this.offers);
    if (counter === null || this.round === this.rounds) {
      this.record("them", counter === null ? "accept" : "walk");
      this.deal = counter === null ? offer : null;
    } else {
      this.record("them", "counter", { package: counter });
      this.theirOffer = counter;
      this.round += 1;
      this.asked = false;
    }
  }

  outcome() {
    const { deal = null, other, game } = this;
    return { deal, you: deal ? other.yours(deal) : game.your_batna, them: deal ? other.worth(deal) : other.reserve };
  }
}

/**
 * A game played out by steps.
 *
 * @type {(game: Game, seed: number, steps: Step[]) => { events: GameEvent[] } & Outcome}
 */
export const play = (game, seed, steps) => {
  const table = new Table(game, seed);
  for (const step of steps) if (table.deal === undefined) table.step(step);
  return { events: table.events, ...table.outcome() };
};

/** What a deal left on the table. @type {(game: Game, seed: number, deal: Package | null) => Debrief} */
export const debrief = (game, seed, deal) => {
  const other = counterpart(game, seed);
  const [you, them] = deal ? [other.yours(deal), other.worth(deal)] : [game.your_batna, other.reserve];
  const could = other.best(them);
  const best = other.best(other.reserve);
  const trades = could.flatMap((option, issue) => (!deal || option === deal[issue] ? [] : [{
    issue, option,
    you: game.issues[issue].options[option].you - game.issues[issue].options[deal[issue]].you,
    them: other.them[issue][option] - other.them[issue][deal[issue]],
  }]));
  return { you, them, could, gap: other.yours(could) - you, best, best_you: other.yours(best), trades };
};
