// Today: the interview's date and the minutes a day, what to do with them and why, and how ready each stage is.

import { agenda, cardsToday, isCard, planOf, readiness, timeLeft } from "./agenda.mjs";
import { calendarFile, studyDays } from "./calendar_file.mjs";
import { countText, flattenNodes, h, liveRegion, uniqueId } from "./dom.mjs";
import { download } from "./download.mjs";
import { button, paragraph, sectionLink } from "./elements.mjs";
import { DAY, localDay } from "./memory.mjs";
import { storageNotice } from "./set_summary.mjs";
import { underCurrentIds } from "./stats.mjs";

/** @import { Plan, Readiness, Task, Time } from "./agenda.mjs" */
/** @import { Log } from "./log.mjs" */
/** @import { Child, Entry, Host, IndexItem, NoteValue, Places } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {IndexItem[]} index
 * @property {Record<string, string>} stages
 * @property {Places} places
 * @property {Record<"practice" | "cards" | "stories" | "kit", string>} pages addresses
 */

const PLANS = [[0, "day-of"], [1, "two-hours"], [4, "two-days"], [17, "ten-days"], [Infinity, "four-weeks"]];

/** @param {number} day by number */
const written = (day) => new Date(day * DAY).toLocaleDateString("en-US", {
  weekday: "long", month: "long", day: "numeric", timeZone: "UTC",
});

/** What is left until the interview, in words. @type {(time: Time) => string} */
const countdown = ({ days, day, set }) => {
  if (!set) return "No date is set, so this plans for thirty days.";
  if (days === 0) return "Your interview is today. Print the sheet, and read nothing new.";
  return `${days === 1 ? "One day" : `${days} days`} left until ${written(day)}.`;
};

/** The list of the page that fits the days that are left. @param {number} days */
const planFor = (days) => PLANS.find(([most]) => days <= Number(most))?.[1];

/**
 * A field with its label.
 *
 * @template {HTMLElement} Field
 * @param {string} label
 * @param {Field} field with an id
 */
const control = (label, field) => h("div", { class: "sk-control" }, h("label", { for: field.id }, label), field);

/**
 * What the reader sets: the day, the minutes, the stage of the next round.
 *
 * @param {Record<string, string>} stages
 * @param {(plan: Plan) => void} set
 */
const settings = (stages, set) => {
  const change = () => set({ day: day.value, minutes: Number(minutes.value), stage: stage.value });
  /** @type {HTMLInputElement} */
  const day = h("input", { type: "date", id: uniqueId("today"), onchange: change });
  /** @type {HTMLSelectElement} */
  const minutes = h("select", { id: uniqueId("today"), onchange: change },
    [15, 30, 45, 60, 90, 120].map((count) => h("option", { value: count }, `${count} minutes`)));
  /** @type {HTMLSelectElement} */
  const stage = h("select", { id: uniqueId("today"), onchange: change }, h("option", { value: "" }, "I don't know"),
    Object.entries(stages).map(([value, name]) => h("option", { value }, name)));
  return {
    node: h("div", { class: "sk-controls" }, control("Your next interview", day), control("Minutes a day", minutes),
      control("Which round", stage)),
    /** @param {Plan} plan */
    fill: (plan) => {
      day.value = plan.day;
      minutes.value = String(plan.minutes);
      stage.value = plan.stage;
    },
  };
};

/** @type {(address: string, query: Record<string, string>, text: string) => HTMLElement} */
const link = (address, query, text) => {
  const search = new URLSearchParams(query).toString();
  return h("a", { href: `${address}${search && `?${search}`}` }, text);
};

/** What to press for a task. @type {Record<Task["kind"], (task: Task, state: State) => Child>} */
const TASK_LINKS = {
  sheet: (_, { pages }) => link(pages.kit, {}, "Fill in and print the sheet for the day"),
  cards: ({ count = 0 }, { pages }) => link(pages.cards, {}, `Review ${countText(count, "card")}`),
  aloud: ({ item }, { pages }) => ["Say aloud: ", link(item?.href ?? pages.practice, {}, item?.about ?? "")],
  story: ({ item }, { pages }) => ["Write a story for ", link(pages.stories, {}, item?.about ?? "")],
  test: ({ stage = "" }, { pages, stages }) => link(pages.practice, { stage }, `Ten questions: ${stages[stage]}`),
  read: ({ item }, { places }) => ["Read ", sectionLink(item?.learn ?? "", places)],
};

/** @type {(tasks: Task[], state: State) => Child[]} */
const taskList = (tasks, state) => {
  const minutes = tasks.reduce((sum, task) => sum + task.minutes, 0);
  return [
    paragraph(h("strong", {}, `Today, about ${minutes} minutes:`)),
    h("ol", { class: "sk-agenda" }, tasks.map((task) => h("li", {}, h("strong", {}, TASK_LINKS[task.kind](task, state)),
      ` ${task.minutes} min. `, h("span", { class: "sk-quiet" }, task.reason)))),
  ];
};

/** @type {(ready: Readiness[], stages: Record<string, string>) => HTMLElement} */
const readinessTable = (ready, stages) => {
  const label = "How ready you are, by stage";
  /** @param {Readiness} one */
  const row = ({ stage, items, answered, right, recalled, open, spoken, scored, score }) => h("tr", {},
    h("th", { scope: "row" }, stages[stage]),
    h("td", {}, `${right} right of ${answered} answered, of ${items}`),
    h("td", {}, answered ? `${Math.round(recalled)} of ${items}` : "–"),
    h("td", {}, `${spoken} of ${open}${scored ? `; ${score.toFixed(1)} of 5 in ${countText(scored, "score")}` : ""}`));
  return h("div", { class: "sk-table" }, h("table", { "aria-label": label },
    h("thead", {}, h("tr", {}, ["Stage", "Closed questions", "Recalled on the day", "Said aloud"]
      .map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ready.map(row))));
};

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("today's list is kept by a page");
  /** @type {Log} */
  const log = await model.page.log();
  const state = {
    index: model.get("index"), stages: model.get("stages"), places: model.get("places"), pages: model.get("pages"),
  };
  const warning = h("div");
  const left = h("p", {});
  const body = h("div");
  const status = liveRegion();
  const say = (/** @type {string} */ text) => status.replaceChildren(paragraph(text));
  const form = settings(state.stages, (plan) => log.note("plan", { ...plan }));
  const time = h("input", { type: "time", id: uniqueId("today"), value: "19:00" });
  /** @type {Plan} */
  let plan = planOf(new Map());
  const save = button("Put it into my calendar", () => {
    const now = Date.now();
    const { day, set } = timeLeft(plan, now);
    if (!set) return say("Set the date of your interview first.");
    const [address] = location.href.split(/[?#]/);
    const days = studyDays({
      today: localDay(now), day, time: time.value || "19:00", minutes: plan.minutes, address,
    });
    download("interview-plan.ics", calendarFile(days, now, location.hostname || "guide"), "text/calendar");
    return say(`Saved: ${countText(days.length - 1, "evening")} and the interview. Open the file in your calendar.`);
  });

  let latest = 0;
  const show = async () => {
    const turn = (latest += 1);
    const [{ entries, notes }, days] = [await log.read(), await log.daysUnsaved()];
    if (turn !== latest) return;
    const now = Date.now();
    plan = planOf(notes);
    form.fill(plan);
    const until = timeLeft(plan, now);
    const current = underCurrentIds(state.index, entries);
    const deck = state.index.filter(isCard);
    const reviews = cardsToday(state.index, current, plan, now);
    const urgent = reviews.cards.filter(({ reason }) => reason === "urgent").length;
    const cards = { count: reviews.cards.length, urgent };
    const tasks = agenda({ plan, index: state.index, stages: state.stages, entries: current, notes, cards, now });
    left.textContent = countdown(until);
    const list = planFor(until.days);
    body.replaceChildren(...flattenNodes([
      taskList(tasks, state),
      paragraph("The list for the time you have left: ", h("a", { href: `#${list}` }, "tick it off below"), "."),
      reviews.missed ? paragraph(`${countText(reviews.missed, "card")} of ${deck.length} find no place before the day: `
        + "more minutes a day would make room.") : null,
      h("h3", {}, "How ready you are"),
      readinessTable(readiness(Object.keys(state.stages), state.index, current, until.day), state.stages),
      h("p", { class: "sk-quiet" }, "“Recalled on the day” is what a memory model expects of all questions of the "
        + "stage if you review none of them again; it says nothing of how you'd speak."),
    ]));
    warning.replaceChildren(...storageNotice(log, days));
  };
  await show();
  el.append(h("div", { class: "sk sk-today" }, warning, form.node, left, body,
    h("div", { class: "sk-controls" }, control("Study at", time), save), status));
  return log.on(show);
};

export default { render };
