// A closed-form formula with inputs. The formula comes as an expression tree; nothing is ever evaluated from text.

import { copyLinkButton, readUrlState, writeUrlState } from "./url_state.mjs";
import { formatNumber, h, uniqueId } from "./dom.mjs";
import { parseNumber, sameUnit } from "./number.mjs";

/** @import { Host, Tree } from "./types.d.ts" */
/** @typedef {{ name: string, label: string, unit: string, lower: number | null, upper: number | null }} Input */
/** @typedef {{ level: string, show: string, url: string, source: string, low?: number, high?: number }} Level */
/**
 * @typedef {object} State
 * @property {string} title
 * @property {string} mathml
 * @property {Tree} tree
 * @property {Input[]} inputs
 * @property {{ label: string, unit: string, digits: number }} result
 * @property {Record<string, string>} forms the formula in other languages
 * @property {Level[]} [levels]
 * @property {Record<string, number>} values
 * @property {number} answer
 */

/** @type {Record<string, (...parts: number[]) => number>} */
const OPERATIONS = {
  add: (...terms) => terms.reduce((sum, term) => sum + term, 0),
  mul: (...factors) => factors.reduce((product, factor) => product * factor, 1),
  pow: (base, exponent) => (exponent === 0.5 ? Math.sqrt(base) : base ** exponent),
  exp: Math.exp, log: Math.log, min: Math.min, max: Math.max, ceil: Math.ceil, floor: Math.floor, abs: Math.abs,
};

/**
 * Value of an expression tree: a number, a symbol's name, or `[operation, ...parts]`.
 *
 * @param {Tree} tree
 * @param {Record<string, number>} values
 * @returns {number}
 */
export const evaluate = (tree, values) => {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return values[tree];
  const [operation, ...parts] = tree;
  return OPERATIONS[String(operation)](...parts.map((part) => evaluate(part, values)));
};

const PLAIN = { maximumFractionDigits: 6 };
/** @param {Input} input */
const isPercent = (input) => input.unit === "%";

/**
 * `{ value }` in the formula's unit, or `{ error }` in words, from what was typed.
 *
 * @param {Input} input
 * @param {string} text
 * @returns {{ value: number, error?: undefined } | { value?: undefined, error: string }}
 */
const parseInput = (input, text) => {
  const parsed = parseNumber(text);
  if (parsed.error !== undefined) return { error: `${input.label}: ${parsed.error}` };
  const scale = isPercent(input) ? 100 : 1;
  const typed = parsed.percent ? parsed.value * 100 : parsed.value; // "4 %" in a field of percent is 4
  if (parsed.unit && !sameUnit(parsed.unit, input.unit)) {
    return { error: `${input.label} is wanted in ${input.unit}; you typed ${parsed.unit}.` };
  }
  /** @param {number} bound */
  const formatBound = (bound) =>
    (bound * scale).toLocaleString("en-US", PLAIN) + (isPercent(input) ? "%" : ` ${input.unit}`);
  const value = typed / scale;
  /** @type {(side: string, bound: number) => { error: string }} */
  const outside = (side, bound) =>
    ({ error: `${input.label} must be at ${side} ${formatBound(bound)}; you typed ${formatBound(value)}.` });
  if (input.lower !== null && value < input.lower) return outside("least", input.lower);
  if (input.upper !== null && value > input.upper) return outside("most", input.upper);
  return { value };
};

const LAST = Number.MAX_VALUE;

/** Which side of a level a value is on, in words. @type {(value: number, level: Level) => string} */
const comparison = (value, { low, high }) => {
  if (low === undefined && high === undefined) return "";
  if (value < (low ?? -LAST)) return " Your result is lower.";
  if (value > (high ?? LAST)) return " Your result is higher.";
  return low === high ? " Your result is the same." : " Your result is inside.";
};

/** @type {(level: Level, mark: HTMLElement) => HTMLElement} */
const levelLine = ({ level, show: text, url, source }, mark) =>
  h("li", {}, `${level[0].toUpperCase()}${level.slice(1)}: `, h("strong", {}, text),
    " (", h("a", { href: url }, source), ").", mark);

/**
 * Published levels of the result: each with its source and, where it is in the same unit, which side the result is on.
 *
 * @param {Level[]} levels
 */
const levelsPanel = (levels) => {
  const marks = levels.map(() => h("span", { class: "sk-quiet" }));
  const known = levels.filter(({ low, high }) => low !== undefined || high !== undefined);
  const edges = known.flatMap(({ low, high }) => [low, high]).filter((edge) => typeof edge === "number");
  const pin = h("span", { class: "sk-pin" });
  const shades = known.map(() => h("span", { class: "sk-shade" }));
  /** @param {number} value */
  const put = (value) => {
    levels.forEach((level, i) => (marks[i].textContent = comparison(value, level)));
    if (edges.length === 0) return;
    const [bottom, top] = [Math.min(...edges), Math.max(...edges)];
    const room = Math.max(top - bottom, Math.abs(top) / 2, 1e-9) / 2;
    const [from, to] = [Math.min(bottom - room, value), Math.max(top + room, value)];
    /** @param {number} point */
    const at = (point) => `${(100 * (point - from)) / (to - from)}%`;
    known.forEach(({ low, high }, i) => {
      const [first, last] = [low ?? from, high ?? to];
      shades[i].style.cssText = `left: ${at(first)}; width: max(3px, ${(100 * (last - first)) / (to - from)}%)`;
    });
    pin.style.left = at(value);
  };
  const node = levels.length === 0 ? null : h("div", { class: "sk-levels" },
    edges.length ? h("div", { class: "sk-band", "aria-hidden": "true" }, shades, pin) : null,
    h("p", {}, "Published levels:"),
    h("ul", {}, levels.map((level, i) => levelLine(level, marks[i]))));
  return { node, put };
};

/** @param {string} source */
const mathElement = (source) =>
  document.importNode(new DOMParser().parseFromString(source, "text/xml").documentElement, true);

/** @type {(input: Input, value: number) => string} */
const formatInput = (input, value) => (isPercent(input) ? value * 100 : value).toLocaleString("en-US", PLAIN);

/** The answer in words. @type {(result: State["result"], value: number) => string} */
const formatResult = ({ label, unit, digits }, value) =>
  `${label}: ${formatNumber(value, unit === "%" ? { style: "percent", digits } : { digits, suffix: ` ${unit}` })}`;

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  // a formula that changes its font would move what stands below it; without the font it is set in another
  await document.fonts.load('1em "Guide Math"').catch(() => {});
  const inputs = model.get("inputs");
  const result = model.get("result");
  const start = { ...model.get("values") };
  const answer = h("output", { class: "sk-answer", for: "" });
  const note = h("p", { class: "sk-quiet", role: "status" });

  const levels = levelsPanel(model.get("levels") ?? []);
  const link = model.page && copyLinkButton(note);
  let inUrl = false;
  /** What was typed goes into the address once it differs from the start. */
  const syncUrl = () => {
    if (!model.page) return;
    const moved = fields.filter(({ input, field }) => field.value !== formatInput(input, start[input.name]));
    const setting = Object.fromEntries(moved.map(({ input, field }) => [input.name, field.value]));
    if (moved.length || inUrl) writeUrlState(model.page, moved.length ? setting : null);
    if (link) link.hidden = moved.length === 0;
    inUrl = moved.length > 0;
  };

  const fields = inputs.map((input) => {
    const id = uniqueId(input.name);
    const field = h("input", {
      type: "text", id, inputmode: "decimal", autocomplete: "off", value: formatInput(input, start[input.name]),
      oninput: () => update(),
    });
    const node = h("div", { class: "sk-field" }, h("label", { for: id }, `${input.label}, ${input.unit}`), field);
    return { input, field, node };
  });
  answer.setAttribute("for", fields.map(({ field }) => field.id).join(" "));

  const update = () => {
    /** @type {Record<string, number>} */
    const values = {};
    const problems = [];
    for (const { input, field } of fields) {
      const { value, error } = parseInput(input, field.value);
      field.setAttribute("aria-invalid", String(Boolean(error)));
      if (error !== undefined) problems.push(error);
      else values[input.name] = value;
    }
    const value = problems.length ? NaN : evaluate(model.get("tree"), values);
    note.textContent = problems.join(" ");
    if (problems.length === 0 && !Number.isFinite(value)) note.textContent = "These inputs give no finite result.";
    answer.textContent = Number.isFinite(value) ? formatResult(result, value) : "";
    if (!Number.isFinite(value)) return;
    levels.put(value);
    syncUrl();
    model.set("values", values);
    model.set("answer", value);
    model.save_changes();
  };
  const reset = h("button", { type: "button", class: "sk-plain", onclick: () => {
    fields.forEach(({ input, field }) => (field.value = formatInput(input, start[input.name])));
    update();
  } }, "Reset");

  const forms = Object.entries(model.get("forms"))
    .flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, h("code", {}, text))]);
  el.append(h("div", { class: "sk sk-calculator" },
    h("fieldset", {}, h("legend", {}, model.get("title")),
      h("div", { class: "sk-math" }, mathElement(model.get("mathml"))),
      h("div", { class: "sk-fields" }, fields.map(({ node }) => node))),
    answer, note, levels.node, h("div", { class: "sk-row" }, reset, link),
    h("details", {}, h("summary", {}, "The same formula for a notebook or a spreadsheet"), h("dl", {}, forms))));
  for (const [name, text] of Object.entries(model.page ? readUrlState(model.page.name) : {})) {
    const found = fields.find(({ input }) => input.name === name);
    if (found) found.field.value = text.slice(0, 60);
  }
  update();
};

export default { render };
