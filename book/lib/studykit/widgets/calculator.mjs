// A closed-form formula with inputs. The formula comes as an expression tree; nothing is ever evaluated from text.

import { copyLink, readSetting, writeSetting } from "./address.mjs";
import { h, show, uid } from "./dom.mjs";
import { parseNumber, sameUnit } from "./number.mjs";

const OPERATIONS = {
  add: (...terms) => terms.reduce((sum, term) => sum + term, 0),
  mul: (...factors) => factors.reduce((product, factor) => product * factor, 1),
  pow: (base, exponent) => (exponent === 0.5 ? Math.sqrt(base) : base ** exponent),
  exp: Math.exp, log: Math.log, min: Math.min, max: Math.max, ceil: Math.ceil, floor: Math.floor, abs: Math.abs,
};

/** Value of an expression tree: a number, a symbol's name, or `[operation, ...parts]`. */
export const evaluate = (tree, values) => {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return values[tree];
  const [operation, ...parts] = tree;
  return OPERATIONS[operation](...parts.map((part) => evaluate(part, values)));
};

const PLAIN = { maximumFractionDigits: 6 };
const percent = (input) => input.unit === "%";

/** `{ value }` in the formula's unit, or `{ error }` in words, from what was typed. */
const read = (input, text) => {
  const parsed = parseNumber(text);
  if (parsed.error) return { error: `${input.label}: ${parsed.error}` };
  const scale = percent(input) ? 100 : 1;
  const typed = parsed.percent ? parsed.value * 100 : parsed.value; // "4 %" in a field of percent is 4
  if (parsed.unit && !sameUnit(parsed.unit, input.unit)) return { error: `${input.label} is wanted in ${input.unit}; you typed ${parsed.unit}.` };
  const say = (bound) => `${(bound * scale).toLocaleString("en-US", PLAIN)}${percent(input) ? "%" : ` ${input.unit}`}`;
  const value = typed / scale;
  if (input.lower !== null && value < input.lower) return { error: `${input.label} must be at least ${say(input.lower)}; you typed ${say(value)}.` };
  if (input.upper !== null && value > input.upper) return { error: `${input.label} must be at most ${say(input.upper)}; you typed ${say(value)}.` };
  return { value };
};

const LAST = Number.MAX_VALUE;

/** Published levels of the result: each with its source and, where it is in the same unit, which side the result is on. */
const published = (levels) => {
  const marks = levels.map(() => h("span", { class: "sk-quiet" }));
  const known = levels.filter(({ low, high }) => low !== undefined || high !== undefined);
  const edges = known.flatMap(({ low, high }) => [low, high]).filter((edge) => typeof edge === "number");
  const pin = h("span", { class: "sk-pin" });
  const shades = known.map(() => h("span", { class: "sk-shade" }));
  const put = (value) => {
    levels.forEach(({ low, high }, i) => {
      if (low === undefined && high === undefined) return;
      const side = value < (low ?? -LAST) ? "lower" : value > (high ?? LAST) ? "higher" : "";
      marks[i].textContent = side ? ` Your result is ${side}.` : low === high ? " Your result is the same." : " Your result is inside.";
    });
    if (edges.length === 0) return;
    const [bottom, top] = [Math.min(...edges), Math.max(...edges)];
    const room = Math.max(top - bottom, Math.abs(top) / 2, 1e-9) / 2;
    const [from, to] = [Math.min(bottom - room, value), Math.max(top + room, value)];
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
    h("ul", {}, levels.map(({ level, show: text, url, source }, i) => h("li", {}, `${level[0].toUpperCase()}${level.slice(1)}: `, h("strong", {}, text), " (",
      h("a", { href: url }, source), ").", marks[i]))));
  return { node, put };
};

const math = (source) => document.importNode(new DOMParser().parseFromString(source, "text/xml").documentElement, true);

const render = ({ model, el }) => {
  const inputs = model.get("inputs");
  const result = model.get("result");
  const start = { ...model.get("values") };
  const answer = h("output", { class: "sk-answer", for: "" });
  const note = h("p", { class: "sk-quiet", role: "status" });

  const levels = published(model.get("levels") ?? []);
  const link = model.page && copyLink(note);
  let shared = false;
  /** What was typed goes into the address once it differs from the start. */
  const share = () => {
    if (!model.page) return;
    const moved = fields.filter(({ input, field }) => field.value !== typed(input, start[input.name]));
    if (moved.length || shared) writeSetting(model.page, moved.length ? Object.fromEntries(moved.map(({ input, field }) => [input.name, field.value])) : null);
    if (link) link.hidden = moved.length === 0;
    shared = moved.length > 0;
  };

  const typed = (input, value) => (percent(input) ? value * 100 : value).toLocaleString("en-US", PLAIN);
  const fields = inputs.map((input) => {
    const id = uid(input.name);
    const field = h("input", { type: "text", id, inputmode: "decimal", autocomplete: "off", value: typed(input, start[input.name]), oninput: () => update() });
    const node = h("div", { class: "sk-field" }, h("label", { for: id }, `${input.label}, ${input.unit}`), field);
    return { input, field, node };
  });
  answer.setAttribute("for", fields.map(({ field }) => field.id).join(" "));

  const update = () => {
    const values = {};
    const problems = [];
    for (const { input, field } of fields) {
      const { value, error } = read(input, field.value);
      field.setAttribute("aria-invalid", Boolean(error));
      if (error) problems.push(error);
      else values[input.name] = value;
    }
    const value = problems.length ? NaN : evaluate(model.get("tree"), values);
    note.textContent = problems.join(" ");
    if (problems.length === 0 && !Number.isFinite(value)) note.textContent = "These inputs give no finite result.";
    answer.textContent = Number.isFinite(value)
      ? `${result.label}: ${show(value, result.unit === "%" ? { style: "percent", digits: result.digits } : { digits: result.digits, suffix: ` ${result.unit}` })}`
      : "";
    if (!Number.isFinite(value)) return;
    levels.put(value);
    share();
    model.set("values", values);
    model.set("answer", value);
    model.save_changes();
  };
  const reset = h("button", { type: "button", class: "sk-plain", onclick: () => {
    fields.forEach(({ input, field }) => (field.value = typed(input, start[input.name])));
    update();
  } }, "Reset");

  const forms = Object.entries(model.get("forms")).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, h("code", {}, text))]);
  el.append(h("div", { class: "sk sk-calculator" },
    h("fieldset", {}, h("legend", {}, model.get("title")), h("div", { class: "sk-math" }, math(model.get("mathml"))),
      h("div", { class: "sk-fields" }, fields.map(({ node }) => node))),
    answer, note, levels.node, h("div", { class: "sk-row" }, reset, link),
    h("details", {}, h("summary", {}, "The same formula for a notebook or a spreadsheet"), h("dl", {}, forms))));
  for (const [name, text] of Object.entries(model.page ? readSetting(model.page.name) : {})) {
    const found = fields.find(({ input }) => input.name === name);
    if (found) found.field.value = text.slice(0, 60);
  }
  update();
};

export default { render };
