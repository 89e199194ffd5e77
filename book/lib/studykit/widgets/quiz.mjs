// Questions as a list with Check and feedback, on the page and in a notebook. On the page the answers are kept in the
// reader's log; with a kernel they reach Python by the trait `answers`.

import { h, uid } from "./dom.mjs";
import { button, current, paragraph, question } from "./question.mjs";
import { calibration, notice, printAnswers, readNext } from "./sets.mjs";

const SHOWN = { all: "All", open: "Not answered", missed: "Missed" };

const render = async ({ model, el }) => {
  const items = model.get("items");
  const many = items.length > 1;
  const log = await model.page?.log?.();
  const places = model.get("places");
  const progress = h("p", { class: "sk-quiet" });
  const summary = h("div", { class: "sk-summary" });
  const warning = h("div");
  const entries = () => items.map(({ id }) => model.get("answers")[id]);
  const verdicts = () => entries().map((entry) => entry?.verdict);

  const sure = h("input", { type: "checkbox", id: uid("sure"), onchange: () => {
    log?.note("sure", sure.checked);
    const all = entries();
    questions.forEach((one, i) => all[i] ?? one.refresh()); // an answered one stays as it is
  } });
  if (log) sure.checked = Boolean(await log.noted("sure"));

  const remind = async () => log && warning.replaceChildren(...notice(log, await log.overdue()));
  const title = (i) => (many ? `Question ${i + 1} of ${items.length}` : null);
  const questions = items.map((item, i) => question(item, {
    title: title(i), places, sure: () => sure.checked,
    save: (entry) => {
      const missing = verdicts().filter((verdict) => !verdict).length;
      const last = many && missing === 1 && !verdicts()[i];
      model.set("answers", { ...model.get("answers"), [item.id]: entry });
      model.save_changes();
      const { tries, ...kept } = entry;
      log?.add({ item: item.id, ...kept }).then(remind);
      if (last) return paragraph("All questions are answered; the result is below.");
      const next = many && questions.findIndex((_, at) => at > i && !verdicts()[at]);
      return next > 0 && button("Next unanswered", () => {
        const { node, focus } = questions[next];
        if (node.hidden) choose("all");
        node.scrollIntoView({ block: "start" });
        focus();
      });
    },
  }));

  const filter = h("select", { id: uid("shown"), onchange: () => choose(filter.value) },
    Object.entries(SHOWN).map(([value, text]) => h("option", { value }, text)));
  const none = h("p", { class: "sk-quiet" });
  const choose = (value) => {
    filter.value = value;
    const now = verdicts();
    const fits = { all: () => true, open: (verdict) => !verdict, missed: (verdict) => verdict === "wrong" }[value];
    questions.forEach(({ node }, i) => (node.hidden = !fits(now[i])));
    none.textContent = questions.every(({ node }) => node.hidden) ? "None here." : "";
  };
  const afresh = button("Answer all again", () => {
    log?.note(`afresh ${location.pathname} ${items[0].id}`, Date.now());
    model.set("answers", {});
    model.save_changes();
    choose("all");
    questions[0].focus();
  });

  const refresh = () => {
    const now = verdicts();
    questions.forEach(({ put }, i) => put(entries()[i]));
    const right = now.filter((verdict) => verdict === "right").length;
    progress.textContent = `${now.filter(Boolean).length} of ${items.length} answered, ${right} right`;
    afresh.hidden = !now.some(Boolean);
    summary.replaceChildren(...(many && now.every(Boolean) ? [
      h("p", {}, h("strong", {}, `${right} of ${items.filter(({ type }) => type !== "open").length} right.`)),
      ...calibration(entries()), ...readNext(items, now, places),
    ] : []));
  };

  if (log) { // what was answered before, as far as it was not set aside
    const since = (await log.noted(`afresh ${location.pathname} ${items[0].id}`)) ?? 0;
    const earlier = {};
    for (const [id, found] of await log.of(items.map(({ id }) => id))) {
      const kept = found.filter(({ time }) => time > since);
      if (kept.length === 0) continue;
      const at = items.findIndex((item) => item.id === id);
      const { rev, answer, verdict, seed, certainty, scores } = kept.at(-1);
      const entry = JSON.parse(JSON.stringify({ rev, answer, verdict, tries: kept.length, seed, certainty, scores }));
      if (current(items[at], entry)) earlier[id] = entry;
      else questions[at].put(entry); // it says that the question has changed
    }
    model.set("answers", { ...earlier, ...model.get("answers") });
    await remind();
  }
  model.on("change:answers", refresh);
  refresh();
  const graded = items.some(({ type }) => type !== "open" && type !== "card");
  const tools = h("div", { class: "sk-tools" },
    many ? progress : null,
    many && items.length > 3 ? h("span", {}, h("label", { for: filter.id }, "Show "), filter) : null,
    graded ? h("label", {}, sure, " Ask how sure I am") : null,
    many ? afresh : null);
  el.append(h("div", { class: "sk sk-quiz" }, tools, warning, questions.map(({ node }) => node), none, summary));
  const unprint = printAnswers(el, () => questions);
  return () => {
    model.off("change:answers", refresh);
    unprint();
  };
};

export default { render };
