// One question of any kind, with Check and feedback. Its key comes with it as data; nothing here needs a kernel.

import { flat, h, known, status, uid } from "./dom.mjs";
import { card } from "./kinds/card.mjs";
import { choices } from "./kinds/choices.mjs";
import { cloze } from "./kinds/cloze.mjs";
import { match } from "./kinds/match.mjs";
import { numeric } from "./kinds/numeric.mjs";
import { open } from "./kinds/open.mjs";
import { order } from "./kinds/order.mjs";
import { button, paragraph, place, rich, said } from "./elements.mjs";
import { current, GRADED, SURE, versionOf } from "./task.mjs";

export { understood } from "./numeric_answer.mjs";

/** @import { Form, Given, Keep, Kind, Places, QuestionView, Shown, Task, Verdict } from "./types.d.ts" */

/** The form of each kind. @type {Record<Kind, (task: any, keep: Keep) => Form>} its kind says which task it takes */
export const KINDS = { mcq: choices, multi: choices, numeric, order, match, cloze, open, card };

/** @type {Record<Verdict, () => Node | null>} */
const VERDICTS = {
  right: () => paragraph(said(true, "Right.")),
  wrong: () => paragraph(said(false, "Not right.")),
  seen: () => null,
};

/** The question how sure the reader is. */
const sureness = () => {
  const group = uid("sure");
  const levels = SURE.map((text, i) => h("input", { type: "radio", name: group, value: i + 1, "aria-label": text }));
  const node = h("fieldset", { class: "sk-sure" }, h("legend", {}, "How sure are you?"),
    SURE.map((text, i) => h("label", {}, levels[i], " ", text)));
  /** @param {number | undefined} level */
  const put = (level) => {
    if (level) levels[level - 1].checked = true;
  };
  return { node, level: () => levels.findIndex((input) => input.checked) + 1, put };
};

/** Into the first field or button of a form. @param {HTMLElement} node */
const focusIn = (node) => {
  /** @type {HTMLElement | null} */
  const first = node.querySelector("input, select, textarea, button:enabled");
  first?.focus();
};

/** @type {(event: Event) => Element} */
const target = (event) => /** @type {Element} */ (event.target);

/**
 * What is shown of what an answer brought.
 *
 * @param {Shown} shown
 * @returns {Node[]}
 */
const nodes = (shown) => [shown ?? []].flat().filter((node) => node instanceof Node);

/** @param {string[] | undefined} hints */
const hintsOf = (hints) => (hints ?? []).map((hint, i) =>
  h("details", {}, h("summary", {}, i ? "Another hint" : "Hint"), paragraph(rich(hint))));

/**
 * @typedef {object} Options
 * @property {string | null} [title]
 * @property {(entry: Given) => Shown} save called with each answer; may return nodes to add to the feedback
 * @property {() => boolean} [sure] whether to ask how sure the reader is
 * @property {Places} [places] for links
 * @property {() => boolean} [exam] whether to keep quiet until the end
 */
/**
 * @typedef {object} Attempt
 * @property {number} version
 * @property {Given} [stored] the answer to show
 * @property {Keep} save
 * @property {(version: number) => void} restart
 */

/**
 * Fill a form with one version of a question, and let the reader answer it once.
 *
 * @param {HTMLFormElement} node
 * @param {Task} item
 * @param {Options & { title: string | null, sure: () => boolean, exam: () => boolean }} options
 * @param {Attempt} attempt
 */
const ask = (node, item, { title, places, sure, exam }, { version, stored, save, restart }) => {
  const task = versionOf(item, version);
  const graded = GRADED.includes(item.type);
  const result = status();
  const certainty = sureness();
  let started = 0; // when the reader began
  /** @type {Keep} */
  const keep = (answer, verdict, more) => {
    const seconds = started ? Math.min(3600, Math.round((Date.now() - started) / 1000)) : undefined;
    return save(answer, verdict, { seconds, seed: item.variants && task.seed, ...more });
  };
  const kind = KINDS[item.type](task, keep);
  const again = button("Try again", () => restart(version));
  const check = h("button", { type: "submit" }, exam() ? "Keep answer" : kind.label ?? "Check");
  /** @param {boolean} checked */
  const settle = (checked) => { // not `disabled`, which would take the focus away
    check.setAttribute("aria-disabled", String(checked));
    again.hidden = !checked;
  };
  const clear = () => {
    settle(false);
    result.replaceChildren();
    node.querySelectorAll(".sk-mark").forEach((mark) => mark.replaceChildren());
  };
  /** @type {(answer: string | string[]) => Verdict} */
  const judge = (answer) => (graded ? (kind.verdict?.(answer) ? "right" : "wrong") : "seen");
  /** @type {(answer: string | string[], stored?: Given) => void} */
  const show = (answer, stored) => {
    settle(true);
    const learn = item.learn ? [" Read more: ", place(item.learn, places), "."] : [];
    const lines = kind.lines(answer, stored);
    result.replaceChildren(...flat([VERDICTS[judge(answer)](), lines, paragraph(rich(task.explain), learn)]));
  };
  const submit = () => {
    if (!again.hidden) return undefined;
    started ||= Date.now();
    const { answer, ask: wanted, wait } = kind.read();
    const level = certainty.level();
    const asks = graded && sure();
    if (answer === undefined) return result.replaceChildren(paragraph(wanted));
    if (asks && !level) return result.replaceChildren(paragraph("Say how sure you are first."));
    const more = asks ? { certainty: level } : {};
    if (exam()) {
      keep(answer, judge(answer), more);
      return result.replaceChildren(paragraph("Kept. You can change it until you finish."));
    }
    show(answer);
    return wait ? undefined : result.append(...nodes(keep(answer, judge(answer), more)));
  };

  node.oninput = (event) => {
    started ||= Date.now();
    if (!result.contains(target(event)) && !certainty.node.contains(target(event))) clear();
  };
  node.onfocusin = () => (started ||= Date.now());
  node.onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  node.onkeydown = (event) => { // a form in JupyterLab does not submit by itself
    if (event.key !== "Enter" || target(event).tagName !== "INPUT") return;
    event.preventDefault();
    if (!result.contains(target(event))) node.requestSubmit();
  };
  const versions = exam() ? 0 : item.variants?.length ?? 0;
  node.replaceChildren(
    h("fieldset", {}, h("legend", {}, title && h("span", { class: "sk-quiet" }, title), rich(task.stem)), kind.body),
    ...(exam() ? [] : hintsOf(task.hints)),
    graded && sure() ? certainty.node : "",
    h("div", { class: "sk-row" }, check, again,
      versions ? button("Another version", () => restart((version + 1) % versions)) : null),
    result,
  );
  clear();
  if (!stored) return;
  kind.put(stored.answer);
  certainty.put(stored.certainty);
  if (!exam()) show(stored.answer, stored);
};

/**
 * One question.
 *
 * @param {Task} item
 * @param {Options} options
 * @returns {QuestionView}
 */
export const question = (item, { title = null, save, sure = () => false, places, exam = () => false }) => {
  const node = h("form", { class: "sk-question", novalidate: true });
  let shown = 0;
  /** @type {Given | undefined} */
  let entry;
  /** @type {(version: number, stored?: Given) => void} */
  const build = (version, stored) => {
    shown = version;
    ask(node, item, { title, save, sure, places, exam }, { version, stored, save: keep, restart });
  };
  /** @type {Keep} */
  const keep = (answer, verdict, more) => {
    entry = known({ rev: item.rev, answer, verdict, tries: (entry?.tries ?? 0) + 1, ...more });
    return save(entry);
  };
  /** @param {number} version */
  const restart = (version) => {
    build(version);
    focusIn(node);
  };

  build(0);
  return {
    node,
    item,
    version: () => shown,
    /** Show an earlier answer, or none; one to another version of the question is named and not shown. */
    put: (stored) => {
      if (JSON.stringify(stored) === JSON.stringify(entry)) return;
      let note = stored && !current(item, stored) ? "This question has changed since you answered it." : "";
      entry = note ? undefined : stored;
      try {
        build(Math.max(0, item.variants?.findIndex(({ seed }) => seed === stored?.seed) ?? 0), entry);
      } catch { // an answer that is none to this kind of question
        entry = undefined;
        build(0);
        note = "Your earlier answer cannot be shown here.";
      }
      if (note) node.prepend(h("p", { class: "sk-changed" }, note, " Your earlier answer is kept in your progress."));
    },
    /** Build the form again, as after a change of what is asked. */
    refresh: () => build(shown, entry),
    focus: () => focusIn(node),
  };
};
