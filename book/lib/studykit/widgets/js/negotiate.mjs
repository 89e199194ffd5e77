// A negotiation to play, on the page and in a notebook: the game is in game.mjs, what is said in dialogue.mjs.

import { h, liveRegion, uniqueId } from "./dom.mjs";
import { debrief, Table } from "./game.mjs";
import { dealVerdict, eventText, formatSigned, isNegligible, issueName, versusWalkAway } from "./dialogue.mjs";

export { debrief, play } from "./game.mjs";

/** @import { Debrief, Game, GameEvent, Issue, Outcome, Package, Step } from "./game.mjs" */
/** @import { Host, Model } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {string} title
 * @property {Game} game
 * @property {string} party what the other side is called
 * @property {string} unit of the worths
 * @property {number} seed of the counterpart
 * @property {GameEvent[]} events
 * @property {Outcome | {}} outcome
 */

/** @type {(caption: string, head: string[], rows: string[][]) => HTMLElement} */
const worthTable = (caption, head, rows) => {
  /** @param {number} i */
  const number = (i) => i >= head.length - 2 && "n";
  return h("div", {}, h("p", { class: "sk-caption" }, caption), h("div", { class: "sk-table" },
    h("table", { "aria-label": caption },
      h("thead", {}, h("tr", {}, head.map((name, i) => h("th", { scope: "col", class: number(i) }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
        h(i ? "td" : "th", { scope: i ? null : "row", class: number(i) }, cell))))))));
};

/** @type {(text: string, onclick: () => void) => HTMLButtonElement} */
const secondaryButton = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

/**
 * The fields of an offer, one for each issue; `change` is called with each choice.
 *
 * @param {Issue[]} issues
 * @param {() => void} change
 */
const offerFields = (issues, change) => issues.map(({ name, options }) => {
  const list = h("select", { id: uniqueId("issue"), onchange: change },
    options.map((option) => h("option", {}, `${option.text} (${formatSigned(option.you)})`)));
  const stands = h("span", { class: "sk-quiet", id: uniqueId("stands") });
  list.setAttribute("aria-describedby", stands.id);
  return { list, stands, node: h("div", { class: "sk-field" }, h("label", { for: list.id }, name), list, stands) };
});

/** What each package was worth to both. @type {(table: Table, seen: Debrief) => string[][]} */
const packageRows = ({ game, other, deal, offers, round, theirOffer }, seen) => {
  /** @type {(name: string, one: Package) => string[]} */
  const row = (name, one) => [name, formatSigned(other.yours(one)), formatSigned(other.worth(one))];
  const most = row("The most they would have taken", seen.best);
  const name = deal ? "Your deal" : "No deal: both take their alternative";
  const end = [name, formatSigned(seen.you), formatSigned(seen.them)];
  if (deal) {
    const could = seen.gap > 0 ? [row("Best for you with them as well off", seen.could)] : [];
    return [end, ...could, most, ["Walking away", formatSigned(game.your_batna), formatSigned(other.reserve)]];
  }
  const last = offers.slice(-1).map((one) => row("Your last offer", one));
  return [end, ...last, ...(round > 1 ? [row("Their last offer", theirOffer)] : []), most];
};

/**
 * The review at the end; `begin` plays against the counterpart of a seed.
 *
 * @param {Model<State>} model
 * @param {Table} table
 * @param {(seed: number) => void} begin
 */
const dealReview = (model, table, begin) => {
  const { game, other, deal } = table;
  const [seed, unit] = [model.get("seed"), model.get("unit")];
  const seen = debrief(game, seed, deal ?? null);
  const { issues } = game;
  /** @type {(issue: number, option: number) => string} */
  const text = (issue, option) => issues[issue].options[option].text;
  const trades = !deal || isNegligible(game, seen) ? [] : seen.trades.map(({ issue, option, you, them }) => {
    const words = `${issues[issue].name}: ${text(issue, option)} instead of ${text(issue, deal[issue])}`;
    return [words, formatSigned(you), formatSigned(them)];
  });
  return [
    h("p", {}, h("strong", {}, dealVerdict(table, seen))),
    h("p", {}, `What you could not know: ${issueName(game, other.priority)} was worth twice your estimate to them, `
      + `and their walk-away point was ${formatSigned(other.reserve)} instead of ${formatSigned(game.their_batna)}.`),
    worthTable(`Worth over their opening, ${unit}`, ["Package", "You", "Them"], packageRows(table, seen)),
    ...(trades.length ? [worthTable("Trades left on the table", ["Trade", "You", "Them"], trades)] : []),
    h("div", { class: "sk-row" },
      h("button", { type: "button", onclick: () => begin(seed) }, "Play again"),
      secondaryButton("Another counterpart", () => begin(seed + 1))),
  ];
};

/** @param {Host<State>} host */
const render = ({ model, el }) => {
  const game = model.get("game");
  const { issues } = game;
  const [party, unit] = [model.get("party"), model.get("unit")];
  let table = new Table(game, model.get("seed"));

  const statusLine = liveRegion();
  const roundLine = h("p", {});
  const yourWorth = h("output", { class: "sk-answer" });
  const theirWorth = h("p", { class: "sk-quiet" });
  const fields = offerFields(issues, () => showWorth());
  yourWorth.setAttribute("for", fields.map(({ list }) => list.id).join(" "));
  const offer = () => fields.map(({ list }) => list.selectedIndex);
  /** A package's worth in words. @param {Package} one */
  const worthText = (one) => {
    const worth = table.other.yours(one);
    return `${formatSigned(worth)} to you, ${versusWalkAway(game, worth)}.`;
  };
  const showWorth = () => {
    yourWorth.textContent = `This offer: ${worthText(offer())}`;
  };

  const question = h("select", { id: uniqueId("ask") }, issues.map(({ name }) => h("option", {}, name)));
  const ask = secondaryButton("Ask", () => {
    if (table.asked) statusLine.textContent = "You have asked in this round. Send an offer first.";
    else act({ ask: question.selectedIndex });
  });
  const send = h("button", { type: "button", onclick: () => act({ offer: offer() }) });
  const log = h("ol", {});
  const history = h("details", {}, h("summary", {}, "What was said so far"), log);
  const playing = h("div", {},
    h("fieldset", {}, h("legend", {}, "Your offer"), h("div", { class: "sk-fields" }, fields.map(({ node }) => node))),
    yourWorth, theirWorth,
    h("div", { class: "sk-row" }, h("label", { for: question.id }, "Ask how much it matters to them"), question, ask),
    h("div", { class: "sk-row" }, send, secondaryButton("Accept their offer", () => act({ accept: true })),
      secondaryButton("Walk away", () => act({ walk: true }))));
  const review = h("div", { tabindex: -1 });

  const show = () => {
    const { round, rounds, theirOffer, deal } = table;
    roundLine.textContent = `Counterpart ${model.get("seed")}, round ${round} of ${rounds}. Worths in ${unit}, over `
      + `their opening offer. Your walk-away point: ${formatSigned(game.your_batna)}.`;
    fields.forEach(({ stands }, at) => (stands.textContent = `${party}: ${issues[at].options[theirOffer[at]].text}`));
    theirWorth.textContent = `Their offer on the table: ${worthText(theirOffer)}`;
    send.textContent = round < rounds ? "Send the offer" : "Send your last offer: yes or no";
    log.replaceChildren(...table.events.map((event) => h("li", {}, eventText(table, party, event))));
    history.hidden = table.events.length === 0;
    playing.hidden = deal !== undefined;
    review.replaceChildren(...(deal === undefined ? [] : dealReview(model, table, begin)));
    showWorth();
  };
  const syncModel = () => {
    model.set("events", table.events.slice());
    model.set("outcome", table.deal === undefined ? {} : table.outcome());
    model.save_changes();
  };
  /** @param {Step} step */
  const act = (step) => {
    const from = table.events.length;
    table.step(step);
    show();
    statusLine.textContent = table.events.slice(from).map((event) => eventText(table, party, event)).join(" ");
    syncModel();
    if (table.deal !== undefined) review.focus();
  };
  /** @param {number} seed */
  const begin = (seed) => {
    model.set("seed", seed);
    table = new Table(game, seed);
    fields.forEach(({ list }) => (list.selectedIndex = 0));
    statusLine.textContent = "";
    show();
    syncModel();
    if (el.isConnected) fields[0].list.focus();
  };

  const title = h("p", { class: "sk-title" }, model.get("title"));
  el.append(h("div", { class: "sk sk-negotiate" }, title, roundLine, playing, statusLine, review, history));
  begin(model.get("seed"));
};

export default { render };
