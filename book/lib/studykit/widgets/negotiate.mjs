// A few rounds against a scripted counterpart: the same game for the same seed, on the page and in a notebook. All worths
// are whole numbers, and the seed draws by 32-bit arithmetic, so that `play` gives what its twin in Python gives.

import { h, status, uid } from "./dom.mjs";

/** Whole numbers below 2^32 by seed. */
const mulberry32 = (seed) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
};

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Which of `packages` is first by `better` (above 0: the first argument); of equals the earlier. */
const first = (packages, better) => packages.reduce((found, next) => (better(next, found) > 0 ? next : found));

/** What the seed draws of the other side, and how it answers. */
export const counterpart = ({ issues, them_walk, aspiration, reserve }, seed) => {
  const next = mulberry32(seed);
  const draw = ([low, high]) => low + (next() % (high - low + 1));
  const cares = draw([0, issues.length - 1]);
  const least = them_walk - Math.floor((them_walk * draw(reserve)) / 100);
  const held = aspiration.map(draw).map((share) => least - Math.floor((least * share) / 100));
  const aspirations = [...held, least];
  const them = issues.map(({ options }, at) => options.map((option) => option.them * (at === cares ? 2 : 1)));
  const packages = issues.reduce((all, { options }) => all.flatMap((one) => options.map((_, at) => [...one, at])), [[]]);
  const worth = (one) => sum(one.map((option, at) => them[at][option]));
  const yours = (one) => sum(one.map((option, at) => issues[at].options[option].you));
  const spans = them.map((worths) => Math.max(...worths) - Math.min(...worths));
  const rank = (issue) => 1 + spans.filter((span, at) => span > spans[issue] || (span === spans[issue] && at < issue)).length;
  const best = (wanted) => first(packages.filter((one) => worth(one) >= wanted), (a, b) => yours(a) - yours(b) || worth(a) - worth(b));
  /** Their counter-offer to the last offer, or null where they take it. */
  const reply = (offers) => {
    const wanted = aspirations[offers.length - 1];
    const offer = offers.at(-1);
    if (worth(offer) >= wanted) return null;
    const kept = offer.map((option, at) => offers.filter((earlier) => earlier[at] === option).length);
    const steps = (one) => sum(one.map((option, at) => kept[at] * Math.abs(option - offer[at])));
    return first(packages.filter((one) => worth(one) >= wanted), (a, b) => steps(b) - steps(a) || worth(a) - worth(b));
  };
  return { cares, reserve: least, aspirations, packages, them, worth, yours, rank, best, reply };
};

/** A table to play at: every step adds to `events`; `deal` is undefined until the end, then a package or null. */
const start = (game, seed) => {
  const other = counterpart(game, seed);
  const table = { other, events: [], offers: [], standing: other.packages[0], round: 1, rounds: other.aspirations.length, asked: false };
  const note = (by, did, what) => table.events.push({ round: table.round, by, did, ...what });
  table.step = ({ ask, accept, walk, offer }) => {
    if (ask !== undefined) {
      table.asked = true;
      note("you", "ask", { issue: ask, rank: other.rank(ask) });
    } else if (accept || walk) {
      note("you", accept ? "accept" : "walk");
      table.deal = accept ? table.standing : null;
    } else {
      table.offers.push(offer);
      note("you", "offer", { package: offer });
      const counter = other.reply(table.offers);
      if (counter === null || table.round === table.rounds) {
        note("them", counter === null ? "accept" : "walk");
        table.deal = counter === null ? offer : null;
      } else {
        note("them", "counter", { package: counter });
        Object.assign(table, { standing: counter, round: table.round + 1, asked: false });
      }
    }
  };
  table.outcome = () => {
    const { deal } = table;
    return { deal, you: deal ? other.yours(deal) : game.you_walk, them: deal ? other.worth(deal) : other.reserve };
  };
  return table;
};

/** A game played out by steps: `{ask}`, `{offer}`, `{accept}`, `{walk}`. */
export const play = (game, seed, steps) => {
  const table = start(game, seed);
  for (const step of steps) if (table.deal === undefined) table.step(step);
  return { events: table.events, ...table.outcome() };
};

/** What a deal left on the table. */
export const debrief = (game, seed, deal) => {
  const other = counterpart(game, seed);
  const [you, them] = deal ? [other.yours(deal), other.worth(deal)] : [game.you_walk, other.reserve];
  const could = other.best(them);
  const best = other.best(other.reserve);
  const trades = could.flatMap((option, issue) => (!deal || option === deal[issue] ? [] : [{
    issue, option,
    you: game.issues[issue].options[option].you - game.issues[issue].options[deal[issue]].you,
    them: other.them[issue][option] - other.them[issue][deal[issue]],
  }]));
  return { you, them, could, gap: other.yours(could) - you, best, best_you: other.yours(best), trades };
};

const plain = (number) => Math.abs(number).toLocaleString("en-US");
const plus = (number) => (number > 0 ? "+" : number < 0 ? "−" : "") + plain(number);

const grid = (caption, head, rows) => h("div", {}, h("p", { class: "sk-caption" }, caption), h("div", { class: "sk-table" },
  h("table", { "aria-label": caption },
    h("thead", {}, h("tr", {}, head.map((name, i) => h("th", { scope: "col", class: i >= head.length - 2 && "n" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: i >= head.length - 2 && "n" }, cell))))))));

const render = ({ model, el }) => {
  const game = model.get("game");
  const { issues, you_walk: walkaway } = game;
  const [party, unit] = [model.get("party"), model.get("unit")];
  const text = (issue, option) => issues[issue].options[option].text;
  let table;

  const said = status();
  const where = h("p", {});
  const mine = h("output", { class: "sk-answer" });
  const theirs = h("p", { class: "sk-quiet" });
  const fields = issues.map(({ name, options }) => {
    const list = h("select", { id: uid("issue"), onchange: () => count() },
      options.map((option) => h("option", {}, `${option.text} (${plus(option.you)})`)));
    const stands = h("span", { class: "sk-quiet", id: uid("stands") });
    list.setAttribute("aria-describedby", stands.id);
    return { list, stands, node: h("div", { class: "sk-field" }, h("label", { for: list.id }, name), list, stands) };
  });
  mine.setAttribute("for", fields.map(({ list }) => list.id).join(" "));
  const offer = () => fields.map(({ list }) => list.selectedIndex);

  const apart = (worth) => plain(worth - walkaway);
  const against = (worth) => (worth === walkaway ? "exactly your walk-away point"
    : `${apart(worth)} ${worth < walkaway ? "short of" : "over"} your walk-away point`);
  const count = () => {
    const worth = table.other.yours(offer());
    mine.textContent = `This offer: ${plus(worth)} to you, ${against(worth)}.`;
  };

  const question = h("select", { id: uid("ask") }, issues.map(({ name }) => h("option", {}, name)));
  const ask = h("button", { type: "button", class: "sk-plain", onclick: () => {
    if (table.asked) said.textContent = "You have asked in this round. Send an offer first.";
    else act({ ask: question.selectedIndex });
  } }, "Ask");
  const send = h("button", { type: "button", onclick: () => act({ offer: offer() }) });
  const accept = h("button", { type: "button", class: "sk-plain", onclick: () => act({ accept: true }) }, "Accept their offer");
  const leave = h("button", { type: "button", class: "sk-plain", onclick: () => act({ walk: true }) }, "Walk away");
  const log = h("ol", {});
  const history = h("details", {}, h("summary", {}, "What was said so far"), log);
  const playing = h("div", {},
    h("fieldset", {}, h("legend", {}, "Your offer"), h("div", { class: "sk-fields" }, fields.map(({ node }) => node))),
    mine, theirs,
    h("div", { class: "sk-row" }, h("label", { for: question.id }, "Ask how much it matters to them"), question, ask),
    h("div", { class: "sk-row" }, send, accept, leave));
  const after = h("div", { tabindex: -1 });

  /** What an event sounds like. */
  const line = ({ round, by, did, issue, rank, package: one }) => {
    const worth = one && plus(table.other.yours(one));
    if (did === "ask") return `${party}: “If I rank all ${issues.length}, ${issues[issue].name.toLowerCase()} is number ${rank} for us.”`;
    if (by === "you") return { offer: `You offer a package worth ${worth} to you.`, accept: "You accept their offer.", walk: "You walk away." }[did];
    if (did === "accept") return `${party}: “We can sign that.”`;
    if (did === "walk") return `${party}: “That is more than I can sign. Then we have no deal.” They walk away.`;
    const [asked, before] = [table.offers[round - 1], round > 1 ? counters()[round - 2] : table.other.packages[0]];
    const name = (at) => `${issues[at].name.toLowerCase()}: ${text(at, one[at])}`;
    const change = (at, from, to) => table.other.them[at][to[at]] - table.other.them[at][from[at]];
    const all = issues.map((_, at) => at);
    const given = all.filter((at) => change(at, before, one) < 0).map(name);
    const taken = all.filter((at) => change(at, before, one) > 0).map(name);
    const [held] = all.filter((at) => one[at] === before[at] && change(at, one, asked) < 0)
      .sort((a, b) => change(a, one, asked) - change(b, one, asked));
    const and = new Intl.ListFormat("en-US");
    const words = [
      given.length ? `We can do ${and.format(given)}${taken.length ? `, if we get ${and.format(taken)}` : ""}.` : "That is far from what we can sign.",
      held !== undefined && `But ${name(held)} has to stay.`,
      held !== undefined && issues[held].because,
    ];
    return `${party}: “${words.filter(Boolean).join(" ")}” Their package is worth ${worth} to you.`;
  };
  const counters = () => table.events.filter(({ did }) => did === "counter").map((event) => event.package);

  const show = () => {
    const { round, rounds, standing, deal } = table;
    where.textContent = `Counterpart ${model.get("seed")}, round ${round} of ${rounds}. Worths in ${unit}, over their opening offer. ` +
      `Your walk-away point: ${plus(walkaway)}.`;
    fields.forEach(({ stands }, at) => (stands.textContent = `${party}: ${text(at, standing[at])}`));
    theirs.textContent = `Their offer on the table: ${plus(table.other.yours(standing))} to you, ${against(table.other.yours(standing))}.`;
    send.textContent = round < rounds ? "Send the offer" : "Send your last offer: yes or no";
    log.replaceChildren(...table.events.map((event) => h("li", {}, line(event))));
    history.hidden = table.events.length === 0;
    playing.hidden = deal !== undefined;
    after.replaceChildren(...(deal === undefined ? [] : closing()));
    count();
  };

  const closing = () => {
    const { other, deal } = table;
    const seen = debrief(game, model.get("seed"), deal);
    const slight = seen.gap * 50 <= -game.them_walk; // two percent of all they could give: less than any estimate tells
    const rows = [
      [deal ? "Your deal" : "No deal: both take their alternative", plus(seen.you), plus(seen.them)],
      deal && seen.gap > 0 && ["Best for you with them as well off", plus(seen.you + seen.gap), plus(other.worth(seen.could))],
      !deal && table.offers.length && ["Your last offer", plus(other.yours(table.offers.at(-1))), plus(other.worth(table.offers.at(-1)))],
      !deal && table.round > 1 && ["Their last offer", plus(other.yours(table.standing)), plus(other.worth(table.standing))],
      ["The most they would have taken", plus(seen.best_you), plus(other.worth(seen.best))],
      deal && ["Walking away", plus(walkaway), plus(other.reserve)],
    ];
    const over = !deal && table.events.at(-1).by === "them" ? other.reserve - other.worth(table.offers.at(-1)) : 0;
    const left = !deal && table.round > 1 ? other.yours(table.standing) - walkaway : 0;
    const verdict = !deal ? `No deal. The best package was worth ${apart(seen.best_you)} more to you than walking away.` +
        `${over ? ` Your last offer asked ${plain(over)} more of them than they could give.` : ""}` +
        `${left > 0 ? ` Their last offer was ${plain(left)} over your walk-away point.` : ""}`
      : `${seen.gap ? `${slight ? `As good as on the frontier (${plain(seen.gap)} short)` : `Short of the frontier by ${plain(seen.gap)}`}` : "On the frontier"}: ${against(seen.you)}` +
        `${seen.best_you > seen.you ? `, and ${plain(seen.best_you - seen.you)} below the most they would have given` : ", the most they would have given"}.`;
    return [
      h("p", {}, h("strong", {}, verdict)),
      h("p", {}, `What you could not know: ${issues[other.cares].name.toLowerCase()} was worth twice your estimate to them, and their ` +
        `walk-away point was ${plus(other.reserve)} instead of ${plus(game.them_walk)}.`),
      grid(`Worth over their opening, ${unit}`, ["Package", "You", "Them"], rows.filter(Boolean)),
      seen.trades.length && !slight ? grid("Trades left on the table", ["Trade", "You", "Them"],
        seen.trades.map(({ issue, option, you, them }) => [`${issues[issue].name}: ${text(issue, option)} instead of ${text(issue, deal[issue])}`, plus(you), plus(them)])) : null,
      h("div", { class: "sk-row" },
        h("button", { type: "button", onclick: () => begin(model.get("seed")) }, "Play again"),
        h("button", { type: "button", class: "sk-plain", onclick: () => begin(model.get("seed") + 1) }, "Another counterpart")),
    ].filter(Boolean);
  };

  const tell = () => {
    model.set("events", table.events.slice());
    model.set("outcome", table.deal === undefined ? {} : table.outcome());
    model.save_changes();
  };
  const act = (step) => {
    const from = table.events.length;
    table.step(step);
    show();
    said.textContent = table.events.slice(from).map(line).join(" ");
    tell();
    if (table.deal !== undefined) after.focus();
  };
  const begin = (seed) => {
    model.set("seed", seed);
    table = start(game, seed);
    fields.forEach(({ list }) => (list.selectedIndex = 0));
    said.textContent = "";
    show();
    tell();
    if (el.isConnected) fields[0].list.focus();
  };

  el.append(h("div", { class: "sk sk-negotiate" }, h("p", { class: "sk-title" }, model.get("title")), where, playing, said, after, history));
  begin(model.get("seed"));
};

export default { render };
