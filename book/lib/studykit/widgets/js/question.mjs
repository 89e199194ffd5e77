// One question of any kind, with Check and feedback. Its key comes with it as data; nothing here needs a kernel.

import { definedFields, flattenNodes, h, liveRegion, uniqueId } from "./dom.mjs";
import { card } from "./kinds/card.mjs";
import { choices } from "./kinds/choices.mjs";
import { cloze } from "./kinds/cloze.mjs";
import { match } from "./kinds/match.mjs";
import { numeric } from "./kinds/numeric.mjs";
import { open } from "./kinds/open.mjs";
import { order } from "./kinds/order.mjs";
import { button, inlineMarkup, paragraph, sectionLink, verdictMark } from "./elements.mjs";
import { drawSeed } from "./shuffle.mjs";
import { CERTAINTY_LEVELS, GRADED, isCurrent, versionOf } from "./task.mjs";

export { parseAnswer } from "./numeric_answer.mjs";

/**
 * @import { AnswerForm, FeedbackNodes, GivenAnswer, Kind, Places } from "./types.d.ts"
 * @import { QuestionView, SaveAnswer, Task, Verdict } from "./types.d.ts"
 */

/**
 * The form of each kind; its kind says which task it takes.
 *
 * @type {Record<Kind, (task: any, keep: SaveAnswer, seed?: number) => AnswerForm>}
 */
export const KINDS = { mcq: choices, multi: choices, numeric, order, match, cloze, open, card };

/** @type {Record<Verdict, () => Node | null>} */
const VERDICTS = {
  right: () => paragraph(verdictMark(true, "Right.")),
  wrong: () => paragraph(verdictMark(false, "Not right.")),
  seen: () => null,
};

/** The question how sure the reader is. */
const certaintyField = () => {
  const group = uniqueId("sure");
  const levels = CERTAINTY_LEVELS.map((text, i) =>
    h("input", { type: "radio", name: group, value: i + 1, "aria-label": text }));
  const node = h("fieldset", { class: "sk-sure" }, h("legend", {}, "How sure are you?"),
    CERTAINTY_LEVELS.map((text, i) => h("label", {}, levels[i], " ", text)));
  /** @param {number | undefined} level */
  const setLevel = (level) => {
    if (level) levels[level - 1].checked = true;
  };
  return { node, level: () => levels.findIndex((input) => input.checked) + 1, put: setLevel };
};

/** Into the first field or button of a form. @param {HTMLElement} node */
const focusFirst = (node) => {
  /** @type {HTMLElement | null} */
  const first = node.querySelector("input, select, textarea, button:enabled");
  first?.focus();
};

/** @type {(event: Event) => Element} */
const eventTarget = (event) => /** @type {Element} */ (event.target);

/**
 * What is shown of what an answer brought.
 *
 * @param {FeedbackNodes} shown
 * @returns {Node[]}
 */
const feedbackNodes = (shown) => [shown ?? []].flat().filter((node) => node instanceof Node);

/** @param {string[] | undefined} hints */
const hintList = (hints) => (hints ?? []).map((hint, i) =>
  h("details", {}, h("summary", {}, i ? "Another hint" : "Hint"), paragraph(inlineMarkup(hint))));

/**
 * @typedef {object} Options
 * @property {string | null} [title]
 * @property {(entry: GivenAnswer) => FeedbackNodes} save called with each answer; may give nodes to add
 * @property {() => boolean} [asksCertainty] whether to ask how sure the reader is
 * @property {Places} [places] for links
 * @property {() => boolean} [exam] whether to keep quiet until the end
 * @property {import("./shuffle.mjs").Seeds} [seeds] of orders, kept for the attempt
 */
/**
 * @typedef {object} Attempt
 * @property {number} version
 * @property {number} seed of the order in which choices are shown
 * @property {GivenAnswer} [stored] the answer to show
 * @property {SaveAnswer} save
 * @property {(version: number) => void} restart
 */

/**
 * Fill a form with one version of a question, and let the reader answer it once.
 *
 * @param {HTMLFormElement} node
 * @param {Task} item
 * @param {Options & Required<Pick<Options, "asksCertainty" | "exam">> & { title: string | null }} options
 * @param {Attempt} attempt
 */
const buildAttempt = (node, item, { title, places, asksCertainty, exam }, { version, seed, stored, save, restart }) => {
  const task = versionOf(item, version);
  const graded = GRADED.includes(item.type);
  const result = liveRegion();
  const certainty = certaintyField();
  let started = 0; // when the reader began
  /** @type {SaveAnswer} */
  const keep = (answer, verdict, more) => {
    const seconds = started ? Math.min(3600, Math.round((Date.now() - started) / 1000)) : undefined;
    return save(answer, verdict, { seconds, seed: item.variants && task.seed, ...more });
  };
  const kind = KINDS[item.type](task, keep, seed);
  const again = button("Try again", () => restart(version));
  const check = h("button", { type: "submit" }, exam() ? "Keep answer" : kind.label ?? "Check");
  /** @param {boolean} checked */
  const setChecked = (checked) => { // not `disabled`, which would take the focus away
    check.setAttribute("aria-disabled", String(checked));
    again.hidden = !checked;
  };
  const clear = () => {
    setChecked(false);
    result.replaceChildren();
    node.querySelectorAll(".sk-mark").forEach((mark) => mark.replaceChildren());
  };
  /** @type {(answer: string | string[]) => Verdict} */
  const judge = (answer) => (graded ? (kind.isRight?.(answer) ? "right" : "wrong") : "seen");
  /** @type {(answer: string | string[], stored?: GivenAnswer) => void} */
  const show = (answer, stored) => {
    setChecked(true);
    const learn = item.learn ? [" Read more: ", sectionLink(item.learn, places), "."] : [];
    const lines = kind.feedback(answer, stored);
    const explanation = paragraph(inlineMarkup(task.explain), learn);
    const verdict = (graded && stored?.verdict) || judge(answer); // as it was given, whatever is asked back by now
    result.replaceChildren(...flattenNodes([VERDICTS[verdict](), lines, explanation]));
  };
  const submit = () => {
    if (!again.hidden) return undefined;
    started ||= Date.now();
    const { answer, prompt, deferred } = kind.read();
    const level = certainty.level();
    const asks = graded && asksCertainty();
    if (answer === undefined) return result.replaceChildren(paragraph(prompt));
    if (asks && !level) return result.replaceChildren(paragraph("Say how sure you are first."));
    const more = asks ? { certainty: level } : {};
    if (exam()) {
      keep(answer, judge(answer), more);
      return result.replaceChildren(paragraph("Kept. You can change it until you finish."));
    }
    show(answer);
    return deferred ? undefined : result.append(...feedbackNodes(keep(answer, judge(answer), more)));
  };

  node.oninput = (event) => {
    started ||= Date.now();
    if (!result.contains(eventTarget(event)) && !certainty.node.contains(eventTarget(event))) clear();
  };
  node.onfocusin = () => (started ||= Date.now());
  node.onsubmit = (event) => {
    event.preventDefault();
    submit();
  };
  node.onkeydown = (event) => { // a form in JupyterLab does not submit by itself
    if (event.key !== "Enter" || eventTarget(event).tagName !== "INPUT") return;
    event.preventDefault();
    if (!result.contains(eventTarget(event))) node.requestSubmit();
  };
  const versions = exam() ? 0 : item.variants?.length ?? 0;
  node.replaceChildren(
    h("fieldset", {}, h("legend", {}, title && h("span", { class: "sk-quiet" }, title), inlineMarkup(task.stem)),
      kind.body),
    ...(exam() ? [] : hintList(task.hints)),
    graded && asksCertainty() ? certainty.node : "",
    h("div", { class: "sk-row" }, check, again,
      versions > 1 ? button("Another version", () => restart((version + 1) % versions)) : null),
    result,
  );
  clear();
  if (!stored) return;
  kind.showAnswer(stored.answer);
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
export const question = (item, {
  title = null, save, asksCertainty = () => false, places, exam = () => false, seeds = new Map(),
}) => {
  const node = h("form", { class: "sk-question", novalidate: true });
  let shown = 0;
  let seed = seeds.get(item.id);
  /** @type {GivenAnswer | undefined} */
  let entry;
  /** @type {(version: number, stored?: GivenAnswer) => void} */
  const build = (version, stored) => {
    shown = version;
    seed ??= drawAnew();
    const options = { title, save, asksCertainty, places, exam };
    buildAttempt(node, item, options, { version, seed, stored, save: keep, restart });
  };
  /** A new attempt has a new order. */
  const drawAnew = () => {
    seed = drawSeed();
    seeds.set(item.id, seed);
    return seed;
  };
  /** @type {SaveAnswer} */
  const keep = (answer, verdict, more) => {
    entry = definedFields({ rev: item.rev, answer, verdict, tries: (entry?.tries ?? 0) + 1, ...more });
    return save(entry);
  };
  /** @param {number} version */
  const restart = (version) => {
    drawAnew();
    build(version);
    focusFirst(node);
  };

  build(0);
  return {
    node,
    item,
    version: () => shown,
    /** Show an earlier answer, or none; one to another version of the question is named and not shown. */
    showStored: (stored) => {
      if (JSON.stringify(stored) === JSON.stringify(entry)) return;
      let note = stored && !isCurrent(item, stored) ? "This question has changed since you answered it." : "";
      entry = note ? undefined : stored;
      if (!stored) drawAnew();
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
    focus: () => focusFirst(node),
  };
};
