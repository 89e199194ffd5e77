// A negotiation to play, on the page and in a notebook: the game is in game.mjs, what is said in dialogue.mjs.

import { h, status, uid } from "./dom.mjs";
import { debrief, Table } from "./game.mjs";
import { against, line, named, plus, slight, verdict } from "./dialogue.mjs";

export { debrief, play } from "./game.mjs";

/** @import { Debrief, Game, Issue, Outcome, Package, Said, Step } from "./game.mjs" */
/** @import { Host, Model } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {string} title
 * @property {Game} game
 * @property {string} party what the other side is called
 * @property {string} unit of the worths
 * @property {number} seed of the counterpart
 * @property {Said[]} events
 * @property {Outcome | {}} outcome
 */

/** @type {(caption: string, head: string[], rows: string[][]) => HTMLElement} */
const grid = (caption, head, rows) => {
  /** @param {number} i */
  const number = (i) => i >= head.length - 2 && "n";
  return h("div", {}, h("p", { class: "sk-caption" }, caption), h("div", { class: "sk-table" },
    h("table", { "aria-label": caption },
      h("thead", {}, h("tr", {}, head.map((name, i) => h("th", { scope: "col", class: number(i) }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
        h(i ? "td" : "th", { scope: i ? null : "row", class: number(i) }, cell))))))));
};

/** @type {(text: string, onclick: () => void) => HTMLButtonElement} */
const aside = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

/**
 * The fields of an offer, one for each issue; `change` is called with each choice.
 *
 * @param {Issue[]} issues
 * @param {() => void} change
 */
const offerFields = (issues, change) => issues.map(({ name, options }) => {
  const list = h("select", { id: uid("issue"), onchange: change },
    options.map((option) => h("option", {}, `${option.text} (${plus(option.you)})`)));
  const stands = h("span", { class: "sk-quiet", id: uid("stands") });
  list.setAttribute("aria-describedby", stands.id);
  return { list, stands, node: h("div", { class: "sk-field" }, h("label", { for: list.id }, name), list, stands) };
});

/** What each package was worth to both. @type {(table: Table, seen: Debrief) => string[][]} */
const worths = ({ game, other, deal, offers, round, standing }, seen) => {
  /** @type {(name: string, one: Package) => string[]} */
  const row = (name, one) => [name, plus(other.yours(one)), plus(other.worth(one))];
  const most = row("The most they would have taken", seen.best);
  const end = [deal ? "Your deal" : "No deal: both take their alternative", plus(seen.you), plus(seen.them)];
  if (deal) {
    const could = seen.gap > 0 ? [row("Best for you with them as well off", seen.could)] : [];
    return [end, ...could, most, ["Walking away", plus(game.you_walk), plus(other.reserve)]];
  }
  const last = offers.slice(-1).map((one) => row("Your last offer", one));
  return [end, ...last, ...(round > 1 ? [row("Their last offer", standing)] : []), most];
};

/**
 * What is told at the end; `begin` plays against the counterpart of a seed.
 *
 * @param {Model<State>} model
 * @param {Table} table
 * @param {(seed: number) => void} begin
 */
const closing = (model, table, begin) => {
  const { game, other, deal } = table;
  const [seed, unit] = [model.get("seed"), model.get("unit")];
  const seen = debrief(game, seed, deal ?? null);
  const { issues } = game;
  /** @type {(issue: number, option: number) => string} */
  const text = (issue, option) => issues[issue].options[option].text;
  const trades = !deal || slight(game, seen) ? [] : seen.trades.map(({ issue, option, you, them }) => {
    const words = `${issues[issue].name}: ${text(issue, option)} instead of ${text(issue, deal[issue])}`;
    return [words, plus(you), plus(them)];
  });
  return [
    h("p", {}, h("strong", {}, verdict(table, seen))),
    h("p", {}, `What you could not know: ${named(game, other.cares)} was worth twice your estimate to them, and their `
      + `walk-away point was ${plus(other.reserve)} instead of ${plus(game.them_walk)}.`),
    grid(`Worth over their opening, ${unit}`, ["Package", "You", "Them"], worths(table, seen)),
    ...(trades.length ? [grid("Trades left on the table", ["Trade", "You", "Them"], trades)] : []),
    h("div", { class: "sk-row" },
      h("button", { type: "button", onclick: () => begin(seed) }, "Play again"),
      aside("Another counterpart", () => begin(seed + 1))),
  ];
};

/** @param {Host<State>} host */
const render = ({ model, el }) => {
  const game = model.get("game");
  const { issues } = game;
  const [party, unit] = [model.get("party"), model.get("unit")];
  let table = new Table(game, model.get("seed"));

  const said = status();
  const where = h("p", {});
  const mine = h("output", { class: "sk-answer" });
  const theirs = h("p", { class: "sk-quiet" });
  const fields = offerFields(issues, () => count());
  mine.setAttribute("for", fields.map(({ list }) => list.id).join(" "));
  const offer = () => fields.map(({ list }) => list.selectedIndex);
  /** A package's worth in words. @param {Package} one */
  const toYou = (one) => `${plus(table.other.yours(one))} to you, ${against(game, table.other.yours(one))}.`;
  const count = () => {
    mine.textContent = `This offer: ${toYou(offer())}`;
  };

  const question = h("select", { id: uid("ask") }, issues.map(({ name }) => h("option", {}, name)));
  const ask = aside("Ask", () => {
    if (table.asked) said.textContent = "You have asked in this round. Send an offer first.";
    else act({ ask: question.selectedIndex });
  });
  const send = h("button", { type: "button", onclick: () => act({ offer: offer() }) });
  const log = h("ol", {});
  const history = h("details", {}, h("summary", {}, "What was said so far"), log);
  const playing = h("div", {},
    h("fieldset", {}, h("legend", {}, "Your offer"), h("div", { class: "sk-fields" }, fields.map(({ node }) => node))),
    mine, theirs,
    h("div", { class: "sk-row" }, h("label", { for: question.id }, "Ask how much it matters to them"), question, ask),
    h("div", { class: "sk-row" }, send, aside("Accept their offer", () => act({ accept: true })),
      aside("Walk away", () => act({ walk: true }))));
  const after = h("div", { tabindex: -1 });

  const show = () => {
    const { round, rounds, standing, deal } = table;
    where.textContent = `Counterpart ${model.get("seed")}, round ${round} of ${rounds}. Worths in ${unit}, over their `
      + `opening offer. Your walk-away point: ${plus(game.you_walk)}.`;
    fields.forEach(({ stands }, at) => (stands.textContent = `${party}: ${issues[at].options[standing[at]].text}`));
    theirs.textContent = `Their offer on the table: ${toYou(standing)}`;
    send.textContent = round < rounds ? "Send the offer" : "Send your last offer: yes or no";
    log.replaceChildren(...table.events.map((event) => h("li", {}, line(table, party, event))));
    history.hidden = table.events.length === 0;
    playing.hidden = deal !== undefined;
    after.replaceChildren(...(deal === undefined ? [] : closing(model, table, begin)));
    count();
  };
  const tell = () => {
    model.set("events", table.events.slice());
    model.set("outcome", table.deal === undefined ? {} : table.outcome());
    model.save_changes();
  };
  /** @param {Step} step */
  const act = (step) => {
    const from = table.events.length;
    table.step(step);
    show();
    said.textContent = table.events.slice(from).map((event) => line(table, party, event)).join(" ");
    tell();
    if (table.deal !== undefined) after.focus();
  };
  /** @param {number} seed */
  const begin = (seed) => {
    model.set("seed", seed);
    table = new Table(game, seed);
    fields.forEach(({ list }) => (list.selectedIndex = 0));
    said.textContent = "";
    show();
    tell();
    if (el.isConnected) fields[0].list.focus();
  };

  const title = h("p", { class: "sk-title" }, model.get("title"));
  el.append(h("div", { class: "sk sk-negotiate" }, title, where, playing, said, after, history));
  begin(model.get("seed"));
};

export default { render };
