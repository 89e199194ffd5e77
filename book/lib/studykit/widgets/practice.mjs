// The whole bank: sets by filter or by the address, one question at a time, and an exam that keeps quiet until its end.
// An index comes with the page, and a few questions to begin with; a bank's questions load when one of them is asked.

import { h, status, uid } from "./dom.mjs";
import { button, paragraph } from "./parts.mjs";
import { question } from "./question.mjs";
import { calibration, notice, printAnswers, readNext } from "./sets.mjs";
import { latest, standing } from "./stats.mjs";
import { GRADED } from "./task.mjs";

const LEVELS = { recall: "Recall", apply: "Apply", analyze: "Analyze", judge: "Judge" };
const STATES = { unseen: "Not answered yet", wrong: "Missed last time", changed: "Changed since answered" };
const COUNTS = { 10: "10", 20: "20", 40: "40", all: "All that fit" };
const CLOCKS = { "": "No clock", 10: "10 minutes", 20: "20 minutes", 40: "40 minutes" };
const FILTERS = ["stage", "responsibility", "kind", "level", "state"];
const MARKS = [[0.5, "Half of the time is left."], [300, "Five minutes are left."], [60, "One minute is left."], [0, "Time is up. You can still finish at your own pace."]];

const shuffled = (list) => list.map((item) => [Math.random(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);

/**
 * Up to `count` of `items`, those not answered first, then the missed ones, taken from the banks in turn. Where several
 * could be the first, it is one that is `here` already, by id.
 */
const mixed = (items, count, how, here = {}) => {
  const rank = (item) => ({ unseen: 0, changed: 0, wrong: 1 })[how(item)] ?? 2;
  const turns = new Map();
  const all = shuffled(items).sort((a, b) => rank(a) - rank(b));
  const first = all.find(({ id }) => id in here);
  const queue = all.sort((a, b) => rank(a) - rank(b) || (b === first) - (a === first)).map((item) => {
    const turn = (turns.get(item.bank) ?? -1) + 1;
    turns.set(item.bank, turn);
    return [rank(item), turn, item];
  });
  return queue.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, count).map(([, , item]) => item);
};

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

const render = async ({ model, el }) => {
  const [index, files, places, openers = {}] = ["index", "files", "places", "openers"].map((name) => model.get(name));
  const names = { stage: model.get("stages"), responsibility: model.get("responsibilities"), kind: model.get("kinds"), level: LEVELS, state: STATES };
  const byId = new Map(index.map((item) => [item.id, item]));
  const { load } = model.page;
  const log = await model.page.log();
  const key = `${log.name} practice`;
  const [{ entries }, askSure] = await Promise.all([log.read(), log.noted("sure")]);
  const last = latest(entries);
  const how = (item) => standing(item, last.get(item.id));

  // What can be chosen

  const select = (label, options, chosen = "") => {
    const list = h("select", { id: uid("choose"), onchange: () => count() },
      Object.entries(options).map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
    return { list, node: h("div", { class: "sk-control" }, h("label", { for: list.id }, label), list) };
  };
  const filters = Object.fromEntries(FILTERS.map((name) => [name, select(
    { stage: "Stage", responsibility: "Responsibility", kind: "Kind", level: "Level", state: "Answered" }[name], { "": "All", ...names[name] })]));
  const many = select("How many", COUNTS, "10");
  const time = select("Clock", CLOCKS);
  const check = (text, change) => {
    const box = h("input", { type: "checkbox", onchange: change });
    return { box, node: h("label", { class: "sk-check" }, box, ` ${text}`) };
  };
  const exam = check("Exam: no feedback until the end", () => count());
  const sure = check("Ask how sure I am", () => {
    log.note("sure", sure.box.checked);
    questions.forEach((one) => one && !session.answers[one.item.id] && one.refresh());
  });
  const fit = h("span", { class: "sk-quiet" });
  const fitting = () => index.filter((item) => FILTERS.every((name) => {
    const wanted = filters[name].list.value;
    return !wanted || { stage: item.stage === wanted, responsibility: item.responsibility?.includes(wanted),
      kind: item.type === wanted, level: item.level === wanted, state: how(item) === wanted }[name];
  }) && (!exam.box.checked || GRADED.includes(item.type)));
  const count = () => {
    const fits = fitting().length;
    fit.textContent = fits ? `${fits} of ${index.length} questions fit.` : "No question fits. Set a filter back to All.";
    start.setAttribute("aria-disabled", fits === 0);
    time.node.hidden = !exam.box.checked;
  };
  const start = h("button", { type: "submit" }, "Start");
  const chosen = h("details", { class: "sk-choose" }, h("summary", {}, "Choose other questions"),
    h("form", { onsubmit: (event) => {
      event.preventDefault();
      const found = fitting();
      if (found.length === 0) return;
      const wanted = many.list.value === "all" ? found.length : Number(many.list.value);
      begin(mixed(found, wanted, how), { exam: exam.box.checked, minutes: exam.box.checked ? Number(time.list.value) : 0 }, true);
    } }, h("div", { class: "sk-controls" }, Object.values(filters).map(({ node }) => node), many.node),
    h("div", { class: "sk-controls" }, exam.node, time.node),
    h("div", { class: "sk-row" }, start, fit)));
  const ten = button("Ten mixed questions", () => begin(mixed(index.filter(({ type }) => type !== "open"), 10, how), {}, true));

  // One set of questions

  let session = { ids: [], answers: {}, at: 0 };
  let questions = [];
  let ticking;
  const warning = h("div");
  const said = status();
  const asked = h("div", { class: "sk-set" });
  const summary = h("div", { class: "sk-summary", tabindex: -1 });
  const where = h("p", { class: "sk-quiet" });
  const timer = h("span", { role: "timer" });
  const more = button("Five more minutes", () => {
    session.minutes += 5;
    keep();
    tick();
  });
  const back = button("Previous", () => go(session.at - 1));
  const next = button("Next", () => go(session.at + 1));
  const finish = h("button", { type: "button", onclick: () => end() }, "Finish");
  const steps = h("div", { class: "sk-row sk-steps" }, back, next, finish, timer, more);

  const keep = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(session));
    } catch {} // a set is then lost on reload; its answers are in the log
  };
  const running = () => session.exam && !session.ended;
  const verdicts = () => session.ids.map((id) => session.answers[id]?.verdict);
  const remind = async () => warning.replaceChildren(...notice(log, await log.overdue()));
  const record = (item, { tries, ...entry }) => log.add({ item, ...entry }).then((full) => last.set(full.item, full)).then(remind);

  const show = () => {
    const answered = verdicts().filter(Boolean).length;
    const right = verdicts().filter((verdict) => verdict === "right").length;
    const { length } = session.ids;
    where.textContent = `${answered} of ${length} answered${running() ? "" : `, ${right} right`}`;
    questions.forEach((one, i) => one && (one.node.hidden = !session.ended && i !== session.at));
    back.disabled = session.at === 0;
    next.disabled = session.at === length - 1;
    steps.hidden = Boolean(session.ended) || length === 0;
    timer.hidden = more.hidden = !running() || !session.minutes;
    finish.hidden = !running() && answered < length;
    finish.textContent = running() ? "Finish the exam" : "See the result";
  };

  const go = async (at) => {
    session.at = at;
    keep();
    show();
    await built(at);
    if (session.at === at) questions[at]?.focus();
  };

  /** The question at a place of the set, loaded and built once. */
  const built = async (at) => {
    const set = session;
    const id = set.ids[at];
    let item = openers[id];
    try {
      item ??= (await load(files[byId.get(id).bank]))[id];
    } catch {
      said.replaceChildren(paragraph("The questions did not load."), button("Try again", () => fill(set)));
      return;
    }
    if (set !== session || questions[at]) return;
    const { stage, responsibility = [] } = byId.get(id);
    const about = [names.stage[stage], ...responsibility.map((name) => names.responsibility[name])].join(" · ");
    const one = question(item, {
      places, sure: () => sure.box.checked, exam: running,
      title: `Question ${at + 1} of ${set.ids.length} · ${about}`,
      save: (entry) => {
        set.answers[id] = entry;
        keep();
        if (!running()) record(id, entry);
        show();
        const open = set.ids.findIndex((other, i) => i > at && !set.answers[other]);
        if (open > 0) return button("Next question", () => go(open));
        return verdicts().every(Boolean) && !set.ended ? button(running() ? "Finish the exam" : "See the result", () => end()) : null;
      },
    });
    questions[at] = one;
    if (set.answers[id]) one.put(set.answers[id]);
    one.node.hidden = !set.ended && at !== set.at;
    const after = questions.slice(at + 1).find(Boolean);
    asked.insertBefore(one.node, after?.node ?? null);
  };

  const fill = async (set) => {
    said.replaceChildren();
    await built(set.at);
    show();
    for (const name of new Set(set.ids.map((id) => byId.get(id).bank))) load(files[name]).catch(() => {}); // all at once
    for (let at = 0; at < set.ids.length && set === session; at++) await built(at);
    if (set === session) show();
  };

  const begin = (items, options, named) => {
    clearInterval(ticking);
    session = { ids: items.map(({ id }) => id), answers: {}, at: 0, started: Date.now(), ...options };
    if (named) {
      const query = new URLSearchParams({ set: session.ids.join(",") });
      if (session.exam) query.set("exam", session.minutes || "1");
      history.replaceState(null, "", `?${query}`.replaceAll("%2C", ","));
      chosen.open = false;
    }
    session.search = location.search;
    keep();
    open().then(() => named && questions[0]?.focus());
  };

  const open = async () => {
    questions = [];
    asked.replaceChildren();
    summary.replaceChildren();
    if (session.exam && session.minutes && !session.ended) {
      tick();
      ticking = setInterval(tick, 1000);
    }
    show();
    if (session.ended) sumUp();
    await fill(session);
  };

  const tick = () => {
    const total = session.minutes * 60;
    const left = Math.max(0, Math.round(total - (Date.now() - session.started) / 1000));
    timer.textContent = `${clock(left)} left`;
    for (const [mark, words] of MARKS) {
      const at = mark === 0.5 ? total / 2 : mark;
      if (left === Math.round(at) && at < total) said.replaceChildren(paragraph(words));
    }
  };

  const sumUp = () => {
    const now = verdicts();
    const right = now.filter((verdict) => verdict === "right").length;
    const graded = session.ids.filter((id) => byId.get(id).type !== "open").length;
    const missed = session.ids.filter((_, i) => now[i] === "wrong");
    const left = now.filter((verdict) => !verdict).length;
    const late = session.minutes && session.ended - session.started > session.minutes * 60_000;
    summary.replaceChildren(
      h("p", {}, h("strong", {}, `${right} of ${graded} right${left ? `, ${left} not answered` : ""}.`), late ? " You took longer than the clock." : ""),
      ...calibration(Object.values(session.answers)), ...readNext(session.ids.map((id) => byId.get(id)), now, places),
      h("div", { class: "sk-row" },
        missed.length ? button("The missed ones again", () => begin(missed.map((id) => byId.get(id)), {}, true)) : null,
        button("Ten more", () => begin(mixed(index.filter(({ type }) => type !== "open"), 10, how), {}, true))));
  };

  const end = async () => {
    clearInterval(ticking);
    const exam = running();
    session.ended = Date.now();
    keep();
    said.replaceChildren();
    sumUp();
    if (exam) {
      const given = Object.entries(session.answers);
      await open(); // every question again, now with its feedback
      for (const [id, entry] of given) await record(id, entry);
    }
    show();
    summary.focus();
  };

  // Where to begin: the address, the set of before a reload, or ten mixed questions

  const address = new URLSearchParams(location.search);
  const unknown = [];
  const named = (address.get("set") ?? "").split(",").filter(Boolean).flatMap((name) => {
    const found = byId.has(name) ? [byId.get(name)] : index.filter(({ bank, learn }) => bank === name || learn === name);
    if (found.length === 0) unknown.push(name);
    return found;
  });
  for (const name of FILTERS) {
    const wanted = address.get(name);
    if (wanted && wanted in names[name]) filters[name].list.value = wanted;
  }
  const filtered = FILTERS.some((name) => filters[name].list.value);
  let before;
  try {
    before = JSON.parse(sessionStorage.getItem(key));
  } catch {}
  const fits = before?.search === location.search && before.ids?.length && before.ids.every((id) => byId.has(id));
  const over = before?.ended || before?.ids?.every((id) => before.answers[id]);
  const anew = performance.getEntriesByType("navigation")[0]?.type === "navigate"; // a link to a set that is over begins it again
  if (!fits || (over && anew)) before = null;

  sure.box.checked = Boolean(askSure);
  el.append(h("div", { class: "sk sk-practice" },
    h("div", { class: "sk-tools" }, ten, where, sure.node), chosen, warning, said, summary, asked, steps));
  count();
  if (unknown.length) said.replaceChildren(paragraph(`Not in the bank: ${unknown.join(", ")}.`));
  const words = [...said.childNodes];
  const minutes = Number(address.get("exam"));
  const options = address.has("exam") ? { exam: true, minutes: minutes > 1 ? Math.min(minutes, 600) : 0 } : {};
  const pick = () => [...new Set(named)].filter(({ type }) => !options.exam || GRADED.includes(type));
  if (before) {
    session = before;
    await Promise.race([open(), new Promise((done) => setTimeout(done, 3000))]);
  } else if (pick().length) begin(pick(), options);
  else if (filtered) begin(mixed(fitting(), 10, how, openers), options);
  else begin(mixed(index.filter(({ type }) => (options.exam ? GRADED.includes(type) : type !== "open")), 10, how, openers), options);
  await built(session.at);
  said.append(...words);
  remind();
  const unprint = printAnswers(el, () => (running() ? [] : questions.filter(Boolean)));
  return () => {
    clearInterval(ticking);
    unprint();
  };
};

export default { render };
