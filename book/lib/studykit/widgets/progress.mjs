// What the reader has answered so far, where they are weak, and their log as a file. Nothing leaves the browser.

import { h, status, uid } from "./dom.mjs";
import { button, paragraph, place, SURE } from "./question.mjs";
import { notice } from "./sets.mjs";
import { accuracy, byCertainty, byDay, coverage, latest, standing, weakSpots } from "./stats.mjs";

const PROMISE = ["under 67%", "67 to 80%", "over 80%"];
const DAYS = 14;
const MOST = 12;

const percent = (part, whole) => (whole ? `${Math.round((100 * part) / whole)}%` : "–");
const bar = (part, whole) => h("span", { class: "sk-bar", style: `width: ${whole ? (100 * part) / whole : 0}%` });
const counted = (number, one, many = `${one}s`) => `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;

const dated = (day) => new Date(`${day}T12:00`).toLocaleDateString("en-US", { month: "short", day: "numeric" });

const table = (caption, head, rows) => [
  h("p", { class: "sk-caption" }, caption),
  h("div", { class: "sk-table" }, h("table", { "aria-label": caption },
    h("thead", {}, h("tr", {}, head.map((text, i) => h("th", { scope: "col", class: i ? (text === "Share" ? "n sk-share" : "n") : null }, text)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: i ? "n" : null }, cell))))))),
];

const render = async ({ model, el }) => {
  const [index, stages, responsibilities, places, practice = ""] =
    ["index", "stages", "responsibilities", "places", "practice"].map((name) => model.get(name));
  const log = await model.page.log();
  const body = h("div");
  const warning = h("div");
  const said = status();
  const say = (text) => said.replaceChildren(paragraph(text));
  const ask = (query) => `${practice}?${new URLSearchParams(query)}`;

  const report = ({ entries }) => {
    if (entries.length === 0) return [paragraph("Nothing is answered yet in this browser. Answer some questions, or load a file that you saved in another one.")];
    const last = latest(entries);
    const all = accuracy(entries);
    const seen = index.filter((item) => !["unseen", "changed"].includes(standing(item, last.get(item.id)))).length;
    const changed = index.filter((item) => standing(item, last.get(item.id)) === "changed");
    const cells = coverage(index, entries);
    const columns = Object.entries(responsibilities).concat([...cells.keys()].some((key) => key.endsWith("/")) ? [["", "No single one"]] : []);
    const cell = (stage, responsibility) => {
      const found = cells.get(`${stage}/${responsibility}`);
      if (!found) return "–";
      const text = `${found.answered} of ${found.items}`;
      const rest = found.items - found.answered;
      const link = rest && responsibility ? h("a", { href: ask({ stage, responsibility, state: "unseen" }) }, text) : text;
      return h("span", {}, link, found.answered ? [h("br"), h("span", { class: "sk-quiet" }, `${percent(found.right, found.answered)} right`)] : "");
    };
    const days = byDay(entries).slice(-DAYS);
    const levels = byCertainty(entries).filter(([, { answers }]) => answers);
    const weak = weakSpots(index, entries);
    return [
      h("p", {}, h("strong", {}, `${seen} of ${index.length} questions answered.`), " ",
        `${counted(all.answers, "graded answer")}, ${percent(all.right, all.answers)} right.`,
        changed.length ? ` ${counted(changed.length, "question has", "questions have")} changed since you answered: ` : "",
        changed.length ? h("a", { href: ask({ set: changed.map(({ id }) => id).join(",") }) }, "answer again") : "", changed.length ? "." : ""),
      h("h3", {}, "Weak spots"),
      ...(weak.length ? [
        paragraph(h("a", { href: ask({ set: weak.slice(0, 10).map(({ item }) => item.id).join(",") }) }, `Answer ${weak.length > 10 ? "ten of them" : "them"} again`), "."),
        h("ul", {}, weak.slice(0, MOST).map(({ item, missed }) => h("li", {},
          h("a", { href: ask({ set: item.id }) }, item.stem), ` Missed ${missed === 1 ? "once" : `${missed} times`}.`,
          item.learn ? [" Read ", place(item.learn, places), "."] : ""))),
        weak.length > MOST ? paragraph(`And ${weak.length - MOST} more.`) : "",
      ] : [paragraph("No question was missed last time.")]),
      h("h3", {}, "Coverage"),
      ...table("Questions answered and last answered right, by stage and responsibility", ["Stage", ...columns.map(([, name]) => name)],
        Object.entries(stages).map(([stage, name]) => [name, ...columns.map(([column]) => cell(stage, column))])),
      h("h3", {}, "Accuracy"),
      ...table("Graded answers by day", ["Day", "Answers", "Right, %", "Share"],
        days.map(([day, { answers, right }]) => [dated(day), String(answers), percent(right, answers).replace("%", ""), bar(right, answers)])),
      h("h3", {}, "Calibration"),
      ...(levels.length ? [...table("Right answers by how sure you were", ["You said", "Answers", "Right, %", "It pays", "Share"],
        levels.map(([level, { answers, right }]) => [SURE[level - 1], String(answers), percent(right, answers).replace("%", ""), PROMISE[level - 1], bar(right, answers)])),
      paragraph("Where you say “sure” and miss, a question in the room may catch you: read that section again.")]
        : [paragraph("Tick “Ask how sure I am” beside the questions, and this shows whether you know what you know.")]),
    ];
  };

  const file = h("input", { type: "file", accept: ".json,application/json", id: uid("file"), onchange: async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      const found = await log.load(await chosen.text());
      say(`${counted(found, "answer")} added from the file.${found ? "" : " All of it was here already, or had been cleared."}`);
    } catch ({ message }) {
      say(message);
    }
    file.value = "";
  } });
  const clear = button("Clear everything", () => {
    sureRow.hidden = false;
    yes.focus();
  });
  const yes = button("Yes, clear it", async () => {
    await log.clear();
    sureRow.hidden = true;
    say("Everything is cleared. A saved file does not bring it back into this browser.");
    clear.focus();
  });
  const sureRow = h("div", { class: "sk-row", hidden: true }, h("span", {}, "All answers in this browser are forgotten for good."), yes,
    button("No", () => {
      sureRow.hidden = true;
      clear.focus();
    }));
  const save = button("Save to a file", async () => {
    await log.saveFile();
    say("Saved. Keep the file: a browser may delete what a page stores.");
    show();
  });

  let latestTurn = 0;
  const show = async () => {
    const turn = (latestTurn += 1);
    const [held, days] = [await log.read(), await log.overdue()];
    if (turn !== latestTurn) return;
    body.replaceChildren(...report(held));
    warning.replaceChildren(...notice(log, days));
  };
  await show();
  el.append(h("div", { class: "sk sk-progress" }, warning, body,
    h("h3", {}, "Your file"),
    paragraph("Your answers stay in this browser. Save them to a file to move them to another one, or to keep them: loading adds what is missing, in any order, as often as you like."),
    h("div", { class: "sk-row" }, save, clear), sureRow,
    h("div", { class: "sk-control" }, h("label", { for: file.id }, "Load a saved file"), file), said));
  return log.on(show);
};

export default { render };
