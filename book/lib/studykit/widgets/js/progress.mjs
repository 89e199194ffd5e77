// What the reader has answered so far, where they are weak, and their log as a file. Nothing leaves the browser.

import { countText, flattenNodes, h, liveRegion, uniqueId } from "./dom.mjs";
import { downloadLog } from "./download.mjs";
import { button, paragraph, sectionLink } from "./elements.mjs";
import { storageNotice } from "./set_summary.mjs";
import {
  accuracy, byCertainty, byDay, coverage, itemStatus, latestByItem, underCurrentIds, weakSpots,
} from "./stats.mjs";
import { CERTAINTY_LEVELS } from "./task.mjs";

const CALIBRATION_RANGES = ["under 67%", "67 to 80%", "over 80%"];
const MAX_DAYS = 14;
const MAX_WEAK_SPOTS = 12;

/** @import { Log } from "./log.mjs" */
/** @import { Tally } from "./stats.mjs" */
/** @import { Child, Entry, Host, IndexItem, Places } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {IndexItem[]} index
 * @property {Record<string, string>} stages
 * @property {Record<string, string>} responsibilities
 * @property {Places} places
 * @property {string} [practice] address of the page that asks
 */

/** @type {(part: number, whole: number) => string} */
const percent = (part, whole) => (whole ? `${Math.round((100 * part) / whole)}%` : "–");
/** @type {(part: number, whole: number) => HTMLElement} */
const bar = (part, whole) => h("span", { class: "sk-bar", style: `width: ${whole ? (100 * part) / whole : 0}%` });
/** A tally in the cells of a row. @type {(tally: Tally, ...promise: string[]) => Child[]} */
const tallyCells = ({ answers, right }, ...promise) =>
  [String(answers), percent(right, answers).replace("%", ""), ...promise, bar(right, answers)];

/** @param {string} day */
const formatDay = (day) => new Date(`${day}T12:00`).toLocaleDateString("en-US", { month: "short", day: "numeric" });

/** @type {(caption: string, head: string[], rows: Child[][]) => Child[]} */
const table = (caption, head, rows) => [
  h("p", { class: "sk-caption" }, caption),
  h("div", { class: "sk-table" }, h("table", { "aria-label": caption },
    h("thead", {}, h("tr", {}, head.map((text, i) =>
      h("th", { scope: "col", class: i ? (text === "Share" ? "n sk-share" : "n") : null }, text)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
      h(i ? "td" : "th", { scope: i ? null : "row", class: i ? "n" : null }, cell))))))),
];

/** @typedef {(query: Record<string, string>) => string} Ask the address that asks a set of questions */

/**
 * How much is answered, and what has changed since.
 *
 * @type {(index: IndexItem[], entries: Entry[], ask: Ask) => Child[]}
 */
const overview = (index, entries, ask) => {
  const last = latestByItem(entries);
  const all = accuracy(entries);
  const seen = index.filter((item) => !["unseen", "changed"].includes(itemStatus(item, last.get(item.id)))).length;
  const changed = index.filter((item) => itemStatus(item, last.get(item.id)) === "changed");
  const again = changed.length ? [
    ` ${countText(changed.length, "question has", "questions have")} changed since you answered: `,
    h("a", { href: ask({ set: changed.map(({ id }) => id).join(",") }) }, "answer again"), ".",
  ] : [];
  return [h("p", {}, h("strong", {}, `${seen} of ${index.length} questions answered.`), " ",
    `${countText(all.answers, "graded answer")}, ${percent(all.right, all.answers)} right.`, again)];
};

/**
 * What was missed, the worst first.
 *
 * @type {(index: IndexItem[], entries: Entry[], ask: Ask, places: Places) => Child[]}
 */
const weakSpotList = (index, entries, ask, places) => {
  const weak = weakSpots(index, entries);
  if (!weak.length) return [paragraph("No question was missed last time.")];
  const set = weak.slice(0, 10).map(({ item }) => item.id).join(",");
  return [
    paragraph(h("a", { href: ask({ set }) }, `Answer ${weak.length > 10 ? "ten of them" : "them"} again`), "."),
    h("ul", {}, weak.slice(0, MAX_WEAK_SPOTS).map(({ item, missed }) => h("li", {},
      h("a", { href: ask({ set: item.id }) }, item.stem), ` Missed ${missed === 1 ? "once" : `${missed} times`}.`,
      item.learn ? [" Read ", sectionLink(item.learn, places), "."] : ""))),
    weak.length > MAX_WEAK_SPOTS ? paragraph(`And ${weak.length - MAX_WEAK_SPOTS} more.`) : "",
  ];
};

/**
 * Questions answered, by stage and responsibility.
 *
 * @param {State} state
 * @param {Entry[]} entries
 * @param {Ask} ask
 */
const coverageTable = ({ index, stages, responsibilities }, entries, ask) => {
  const cells = coverage(index, entries);
  const rest = [...cells.keys()].some((key) => key.endsWith("/"));
  const columns = [...Object.entries(responsibilities), ...(rest ? [["", "No single one"]] : [])];
  /** @type {(stage: string, responsibility: string) => Child} */
  const cell = (stage, responsibility) => {
    const found = cells.get(`${stage}/${responsibility}`);
    if (!found) return "–";
    const text = `${found.answered} of ${found.items}`;
    const open = found.items - found.answered && responsibility;
    const link = open ? h("a", { href: ask({ stage, responsibility, state: "unseen" }) }, text) : text;
    const right = h("span", { class: "sk-quiet" }, `${percent(found.right, found.answered)} right`);
    return h("span", {}, link, found.answered ? [h("br"), right] : "");
  };
  return table("Questions answered and last answered right, by stage and responsibility",
    ["Stage", ...columns.map(([, name]) => name)],
    Object.entries(stages).map(([stage, name]) => [name, ...columns.map(([column]) => cell(stage, column))]));
};

/** Whether the reader knows what they know. @param {Entry[]} entries */
const calibrationTable = (entries) => {
  const levels = byCertainty(entries).filter(([, { answers }]) => answers);
  if (!levels.length) {
    return [paragraph("Tick “Ask how sure I am” beside the questions, and this shows whether you know what you know.")];
  }
  return [
    ...table("Right answers by how sure you were", ["You said", "Answers", "Right, %", "It pays", "Share"],
      levels.map(([level, tally]) =>
        [CERTAINTY_LEVELS[level - 1], ...tallyCells(tally, CALIBRATION_RANGES[level - 1])])),
    paragraph("Where you say “sure” and miss, a question in the room may catch you: read that section again."),
  ];
};

/**
 * Everything that a log says.
 *
 * @param {State} state
 * @param {Entry[]} entries
 * @returns {Child[]}
 */
const report = (state, entries) => {
  if (entries.length === 0) {
    return [paragraph("Nothing is answered yet in this browser. Answer some questions, or load a file that you saved "
      + "in another one.")];
  }
  const { index, places, practice = "" } = state;
  /** @type {Ask} */
  const ask = (query) => `${practice}?${new URLSearchParams(query)}`;
  const days = byDay(entries).slice(-MAX_DAYS);
  return [
    overview(index, entries, ask),
    h("h3", {}, "Weak spots"),
    weakSpotList(index, entries, ask, places),
    h("h3", {}, "Coverage"),
    coverageTable(state, entries, ask),
    h("h3", {}, "Accuracy"),
    table("Graded answers by day", ["Day", "Answers", "Right, %", "Share"],
      days.map(([day, tally]) => [formatDay(day), ...tallyCells(tally)])),
    h("h3", {}, "Calibration"),
    calibrationTable(entries),
  ];
};

/** Loading a saved file. @type {(log: Log, say: (text: string) => void) => HTMLElement} */
const importControl = (log, say) => {
  const id = uniqueId("file");
  const file = h("input", { type: "file", accept: ".json,application/json", id, onchange: async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    try {
      const found = await log.importText(await chosen.text());
      const none = found ? "" : " All of it was here already, or had been cleared.";
      say(`${countText(found, "entry", "entries")} added from the file.${none}`);
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
    file.value = "";
  } });
  return h("div", { class: "sk-control" }, h("label", { for: file.id }, "Load a saved file"), file);
};

/**
 * Clearing, which asks first: its button and the row that asks.
 *
 * @type {(log: Log, say: (text: string) => void) => HTMLElement[]}
 */
const clearControl = (log, say) => {
  const clear = button("Clear everything", () => {
    row.hidden = false;
    yes.focus();
  });
  const close = () => {
    row.hidden = true;
    clear.focus();
  };
  const yes = button("Yes, clear it", async () => {
    await log.clear();
    say("Everything is cleared. A saved file does not bring it back into this browser.");
    close();
  });
  const row = h("div", { class: "sk-row", hidden: true },
    h("span", {}, "All answers, stories, dates and ticks in this browser are forgotten for good."),
    yes, button("No", close));
  return [clear, row];
};

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("progress is kept by a page");
  const log = await model.page.log();
  const state = {
    index: model.get("index"), stages: model.get("stages"), responsibilities: model.get("responsibilities"),
    places: model.get("places"), practice: model.get("practice"),
  };
  const body = h("div");
  const warning = h("div");
  const statusLine = liveRegion();
  /** @param {string} text */
  const say = (text) => statusLine.replaceChildren(paragraph(text));
  const [clear, sureRow] = clearControl(log, say);
  const save = button("Save to a file", async () => {
    await downloadLog(log);
    say("Saved. Keep the file: a browser may delete what a page stores.");
    show();
  });

  let latestTurn = 0;
  const show = async () => {
    const turn = (latestTurn += 1);
    const { entries } = await log.read();
    const days = await log.daysUnsaved();
    if (turn !== latestTurn) return;
    body.replaceChildren(...flattenNodes(report(state, underCurrentIds(state.index, entries))));
    warning.replaceChildren(...storageNotice(log, days));
  };
  await show();
  el.append(h("div", { class: "sk sk-progress" }, warning, body,
    h("h3", {}, "Your file"),
    paragraph("Your answers, stories and dates stay in this browser. Save them to a file to move or keep them: "
      + "loading adds what is missing, in any order, as often as you like."),
    h("div", { class: "sk-row" }, save, clear), sureRow, importControl(log, say), statusLine));
  return log.on(show);
};

export default { render };
