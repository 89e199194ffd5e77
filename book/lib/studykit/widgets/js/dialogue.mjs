// What is said at the table of a negotiation, in words.

/** @import { Debrief, Game, GameEvent, Package, Table } from "./game.mjs" */

/** @param {number} number */
export const formatAmount = (number) => Math.abs(number).toLocaleString("en-US");
/** @param {number} number */
export const formatSigned = (number) => (number > 0 ? "+" : number < 0 ? "−" : "") + formatAmount(number);

/** Where a worth stands to your alternative. @type {(game: Game, worth: number) => string} */
export const versusWalkAway = ({ your_batna: walkaway }, worth) => {
  if (worth === walkaway) return "exactly your walk-away point";
  return `${formatAmount(worth - walkaway)} ${worth < walkaway ? "short of" : "over"} your walk-away point`;
};

/** An issue's name within a sentence. @type {(game: Game, issue: number) => string} */
export const issueName = ({ issues }, issue) => issues[issue].name.toLowerCase();

const YOUR_MOVES = { offer: "", ask: "", counter: "", accept: "You accept their offer.", walk: "You walk away." };

/**
 * Their words with a counter-offer: what they give, what they want for it, what has to stay.
 *
 * @param {Table} table
 * @param {number} round
 * @param {Package} one
 */
const counterWords = ({ game, other, offers, events }, round, one) => {
  const { issues } = game;
  const counters = events.flatMap((event) => (event.did === "counter" && event.package ? [event.package] : []));
  const [asked, before] = [offers[round - 1], round > 1 ? counters[round - 2] : other.packages[0]];
  /** @param {number} at */
  const name = (at) => `${issueName(game, at)}: ${issues[at].options[one[at]].text}`;
  /** @type {(at: number, from: Package, to: Package) => number} */
  const gain = (at, from, to) => other.them[at][to[at]] - other.them[at][from[at]];
  const all = issues.map((_, at) => at);
  const given = all.filter((at) => gain(at, before, one) < 0).map(name);
  const taken = all.filter((at) => gain(at, before, one) > 0).map(name);
  const [held] = all.filter((at) => one[at] === before[at] && gain(at, one, asked) < 0)
    .sort((a, b) => gain(a, one, asked) - gain(b, one, asked));
  const and = new Intl.ListFormat("en-US");
  const price = taken.length ? `, if we get ${and.format(taken)}` : "";
  return [
    given.length ? `We can do ${and.format(given)}${price}.` : "That is far from what we can sign.",
    ...(held === undefined ? [] : [`But ${name(held)} has to stay.`, issues[held].because]),
  ].filter(Boolean).join(" ");
};

/** What an event sounds like. @type {(table: Table, party: string, event: GameEvent) => string} */
export const eventText = (table, party, { round, by, did, issue = 0, rank, package: one = [] }) => {
  const { game } = table;
  if (did === "ask") {
    return `${party}: “If I rank all ${game.issues.length}, ${issueName(game, issue)} is number ${rank} for us.”`;
  }
  if (did === "offer") return `You offer a package worth ${formatSigned(table.other.yours(one))} to you.`;
  if (by === "you") return YOUR_MOVES[did];
  if (did === "accept") return `${party}: “We can sign that.”`;
  if (did === "walk") return `${party}: “That is more than I can sign. Then we have no deal.” They walk away.`;
  const worth = formatSigned(table.other.yours(one));
  return `${party}: “${counterWords(table, round, one)}” Their package is worth ${worth} to you.`;
};

/**
 * Whether what was left is less than any estimate tells: two percent of all they could give.
 *
 * @type {(game: Game, seen: Debrief) => boolean}
 */
export const isNegligible = (game, seen) => seen.gap * 50 <= -game.their_batna;

/** How it ended without a deal. @type {(table: Table, seen: Debrief) => string} */
const noDeal = ({ game, other, offers, events, round, theirOffer }, seen) => {
  const over = events.at(-1)?.by === "them" ? other.reserve - other.worth(offers[offers.length - 1]) : 0;
  const left = round > 1 ? other.yours(theirOffer) - game.your_batna : 0;
  const most = formatAmount(seen.best_you - game.your_batna);
  return `No deal. The best package was worth ${most} more to you than walking away.`
    + (over ? ` Your last offer asked ${formatAmount(over)} more of them than they could give.` : "")
    + (left > 0 ? ` Their last offer was ${formatAmount(left)} over your walk-away point.` : "");
};

/** How it ended. @type {(table: Table, seen: Debrief) => string} */
export const dealVerdict = (table, seen) => {
  if (!table.deal) return noDeal(table, seen);
  const short = isNegligible(table.game, seen) ? `As good as on the frontier (${formatAmount(seen.gap)} short)`
    : `Short of the frontier by ${formatAmount(seen.gap)}`;
  const below = seen.best_you > seen.you ? `and ${formatAmount(seen.best_you - seen.you)} below ` : "";
  const most = `, ${below}the most they would have given`;
  return `${seen.gap ? short : "On the frontier"}: ${versusWalkAway(table.game, seen.you)}${most}.`;
};
