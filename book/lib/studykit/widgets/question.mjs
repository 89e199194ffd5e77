// One question of any kind, with Check and feedback. Its key comes with it as data; nothing here needs a kernel.

import { flat, h, known, status, uid } from "./dom.mjs";
import { parseNumber, sameUnit } from "./number.mjs";

/** @import { Card, Child, Choices, Cloze, Form, Given, Keep, Kind, Match, Measured } from "./types.d.ts" */
/** @import { Numeric, Open, Order, Places, QuestionView, Scores, Shown, Task, Verdict } from "./types.d.ts" */

/** `**bold**` and `code` as nodes, everything else as text. @param {string} text */
export const rich = (text) => text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, i) => {
  if (i % 2 === 0) return part;
  return part[0] === "*" ? h("strong", {}, part.slice(2, -2)) : h("code", {}, part.slice(1, -1));
});

/** A verdict in words, with its mark. @type {(good: boolean, word: string) => HTMLElement} */
export const said = (good, word) => h("span", { class: good ? "sk-right" : "sk-wrong" }, `${good ? "✓" : "✗"} ${word}`);
/** Where a row's verdict will stand. */
const mark = () => h("span", { class: "sk-mark" });
/** @param {...Child} content */
export const paragraph = (...content) => h("p", {}, ...content);
/** @type {(tag: "ul" | "ol", texts: string[]) => HTMLElement} */
const list = (tag, texts) => h(tag, {}, texts.map((text) => h("li", {}, rich(text))));
/** One row judged and explained. @type {(good: boolean, word: string, label: string, text?: string) => HTMLElement} */
const point = (good, word, label, text = "") =>
  h("li", {}, said(good, word), ": ", h("strong", {}, rich(label)), text && h("br"), rich(text));
/** @param {HTMLElement[]} found */
const points = (found) => (found.length ? [h("ul", { class: "sk-points" }, found)] : []);
/** @type {(text: string, onclick: () => unknown) => HTMLButtonElement} */
export const button = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

// Kinds of questions: each builds the form of a task (`Form` says what that is).

/** What a choice's mark says. @type {(chosen: boolean, correct: boolean, one: boolean) => string} */
const choiceWord = (chosen, correct, one) => {
  if (chosen) return correct ? "Right" : "Wrong";
  return one ? "The right one" : "Missed";
};

/** @type {(task: Choices) => Form} */
const choices = ({ type, choices }) => {
  const one = type === "mcq";
  const name = uid("choice");
  const rows = choices.map((choice) => {
    const row = { choice, input: h("input", { type: one ? "radio" : "checkbox", name }), mark: mark() };
    return { ...row, node: h("label", { class: "sk-choice" }, row.input, h("span", {}, rich(choice.text), row.mark)) };
  });
  return {
    body: rows.map(({ node }) => node),
    read: () => {
      const ids = rows.filter(({ input }) => input.checked).map(({ choice }) => choice.id);
      if (ids.length === 0) return { ask: one ? "Choose an answer first." : "Choose at least one." };
      return { answer: one ? ids[0] : ids };
    },
    put: (answer) => rows.forEach(({ choice, input }) => (input.checked = [answer].flat().includes(choice.id))),
    verdict: (answer) => choices.every(({ id, correct = false }) => correct === [answer].flat().includes(id)),
    lines: (answer) => {
      /** @type {HTMLElement[]} */
      const lines = [];
      for (const { choice: { id, text, correct = false, feedback, missed }, mark } of rows) {
        const chosen = [answer].flat().includes(id);
        if (!chosen && !correct) continue;
        const good = chosen ? correct : one;
        const word = choiceWord(chosen, correct, one);
        mark.replaceChildren(said(good, word));
        if (one && chosen) lines.push(paragraph(rich(feedback)));
        if (!one) lines.push(point(good, word, text, chosen ? feedback : missed ?? feedback));
      }
      return one ? lines : points(lines);
    },
  };
};

/**
 * What was typed as an answer, in the question's unit: `{ value, read }`, or `{ error }` in words.
 *
 * @param {Measured} task
 * @param {string} text
 * @returns {{ value: number, read: string, error?: undefined } | { value?: undefined, read?: undefined, error: string }}
 */
export const understood = ({ unit, units }, text) => {
  const whole = text.trim();
  const named = whole.toLowerCase().endsWith(` ${unit}`.toLowerCase()); // a unit may hold digits: claims per 100 returns
  const parsed = parseNumber(named ? whole.slice(0, -unit.length) : whole);
  if (parsed.error !== undefined) return { error: parsed.error };
  const { value, percent, unit: typed, read } = parsed;
  const factor = !typed || sameUnit(typed, unit) ? 1 : units[typed.toLowerCase()];
  if (factor === undefined) return { error: `The answer is wanted in ${unit}; you typed ${typed}.` };
  return { value: (percent ? value * 100 : value) * factor, read: `Read as ${typed ? read : inUnit(read, unit)}.` };
};
/** @type {(text: string, unit: string) => string} */
const inUnit = (text, unit) => text + (unit === "%" ? unit : ` ${unit}`);

/** @type {(task: Numeric) => Form<string>} */
const numeric = (task) => {
  const { unit, digits, answer: key, slips, steps } = task;
  const echo = h("span", { class: "sk-quiet", id: uid("echo") });
  /** @type {HTMLInputElement} */
  const field = h("input", {
    type: "text", id: uid("number"), inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": echo.id,
    oninput: () => (echo.textContent = understood(task, field.value).read ?? ""),
  });
  const places = digits === 0 ? "to a whole number" : digits === 1 ? "to one decimal" : `to ${digits} decimals`;
  /** @type {(answer: string) => (target: { value: number, tolerance: number }) => boolean} */
  const near = (answer) => {
    const { value = NaN } = understood(task, answer);
    return (target) => Math.abs(value - target.value) <= target.tolerance;
  };
  return {
    body: [h("div", { class: "sk-typed" },
      h("label", { for: field.id }, `Your answer in ${unit}, ${places}`), field, echo)],
    read: () => {
      const { error } = understood(task, field.value);
      return error === undefined ? { answer: field.value } : { ask: error };
    },
    put: (answer) => {
      field.value = answer;
      echo.textContent = understood(task, answer).read ?? "";
    },
    verdict: (answer) => near(answer)(key),
    lines: (answer) => {
      const slip = near(answer)(key) ? undefined : slips.find(near(answer));
      return [
        paragraph(understood(task, answer).read ?? "", ` The answer is ${inUnit(key.text, unit)}.`),
        slip && paragraph(rich(slip.feedback)),
        steps.length ? list("ol", steps) : null,
      ];
    },
  };
};

/** @type {(task: Order) => Form<string[]>} */
const order = ({ rows, solution }) => {
  const steps = Object.fromEntries(rows.map((row) => {
    const text = h("span", {}, rich(row.text));
    const up = button("↑", () => move(row.id, -1));
    const down = button("↓", () => move(row.id, 1));
    const step = { ...row, up, down, mark: mark(), label: text.textContent };
    const grip = h("span", {
      class: "sk-grip", "aria-hidden": "true", onpointerdown: (event) => drag(event, row.id),
    }, "⠿");
    const node = h("li", {}, grip, h("div", {}, text, step.mark), h("span", { class: "sk-moves" }, up, down));
    return [row.id, { ...step, node }];
  }));
  const body = h("ol", { class: "sk-order" });
  /** @type {string[]} */
  let ids;
  /** @param {string[]} answer */
  const put = (answer) => {
    ids = [...answer];
    ids.forEach((id, i) => {
      const { up, down, label, node } = steps[id];
      up.disabled = i === 0;
      down.disabled = i === ids.length - 1;
      up.setAttribute("aria-label", `Move up, now ${i + 1} of ${ids.length}: ${label}`);
      down.setAttribute("aria-label", `Move down, now ${i + 1} of ${ids.length}: ${label}`);
      if (body.children[i] !== node) body.insertBefore(node, body.children[i] ?? null);
    });
  };
  const moved = () => body.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {(id: string, by: number) => void} */
  const move = (id, by) => {
    const at = ids.indexOf(id);
    put(ids.with(at, ids[at + by]).with(at + by, id));
    const { up, down } = steps[id];
    const [pressed, other] = by < 0 ? [up, down] : [down, up];
    (pressed.disabled ? other : pressed).focus(); // moving a row takes the focus from its buttons
    moved();
  };
  /** Beside the buttons: a row follows the pointer that holds its grip. @type {(event: Event, id: string) => void} */
  const drag = (event, id) => {
    event.preventDefault();
    const { node } = steps[id];
    /** @param {PointerEvent} event */
    const follow = ({ clientY }) => {
      const others = ids.filter((other) => other !== id);
      /** @param {string} other */
      const middle = (other) => {
        const { top, height } = steps[other].node.getBoundingClientRect();
        return top + height / 2;
      };
      const at = others.filter((other) => middle(other) < clientY).length;
      if (ids.indexOf(id) === at) return;
      put(others.toSpliced(at, 0, id));
      moved();
    };
    const drop = () => {
      node.classList.remove("sk-held");
      document.removeEventListener("pointermove", follow);
    };
    node.classList.add("sk-held");
    document.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { once: true });
  };
  put(rows.map(({ id }) => id));
  /** @param {string[]} answer */
  const early = (answer) => answer.map((id) => steps[id])
    .filter(({ id, after }) => after.some((before) => answer.indexOf(before) > answer.indexOf(id)));
  return {
    body: [body],
    read: () => ({ answer: ids }),
    put,
    verdict: (answer) => early(answer).length === 0,
    lines: (answer) => {
      const found = early(answer);
      found.forEach(({ mark }) => mark.replaceChildren(said(false, "Too early")));
      return found.length === 0 ? [] : [
        ...points(found.map(({ text, why }) => point(false, "Too early", text, why))),
        paragraph("An order that works:"), list("ol", solution.map((id) => steps[id].text)),
      ];
    },
  };
};

/** @type {(task: Match) => Form<string[]>} */
const match = ({ pairs, rights }) => {
  /** @param {string} right */
  const letter = (right) => String.fromCharCode(65 + rights.indexOf(right));
  const rows = pairs.map((pair) => {
    const select = h("select", { id: uid("match") }, h("option", {}, "Choose"),
      rights.map((right) => h("option", {}, `${letter(right)}. ${right}`)));
    const row = { ...pair, select, mark: mark() };
    const label = h("label", { for: select.id }, rich(pair.left));
    return { ...row, node: h("div", { class: "sk-pair" }, label, select, row.mark) };
  });
  /** @param {string[]} answer */
  const good = (answer) => rows.map(({ right }, i) => answer[i] === right);
  return {
    body: [h("ol", { type: "A" }, rights.map((right) => h("li", {}, rich(right)))), ...rows.map(({ node }) => node)],
    read: () => (rows.every(({ select }) => select.selectedIndex > 0)
      ? { answer: rows.map(({ select }) => rights[select.selectedIndex - 1]) } : { ask: "Choose one for every row." }),
    put: (answer) => rows.forEach(({ select }, i) => (select.selectedIndex = rights.indexOf(answer[i]) + 1)),
    verdict: (answer) => good(answer).every(Boolean),
    lines: (answer) => {
      const fits = good(answer);
      rows.forEach(({ right, mark }, i) =>
        mark.replaceChildren(said(fits[i], fits[i] ? "Right" : `Wrong: ${letter(right)}`)));
      const missed = rows.filter((_, i) => !fits[i]);
      return points(missed.map(({ left, right, feedback }) => point(false, letter(right), left, feedback)));
    },
  };
};

const SLOT = /\{\{\s*(\w+)\s*\}\}/;
/** @typedef {{ accept: string[], feedback: string, field: HTMLInputElement, mark: HTMLElement }} Blank */

/** @type {(task: Cloze) => Form<string[]>} */
const cloze = ({ text, blanks }) => {
  /** @param {string} words */
  const plain = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
  /** @type {Blank[]} */
  const rows = [];
  const body = text.split(SLOT).map((part, i) => {
    if (i % 2 === 0) return rich(part);
    const field = h("input", {
      type: "text", autocomplete: "off", maxlength: 200, "aria-label": `Blank ${rows.length + 1}`,
    });
    const row = { ...blanks[part], field, mark: mark() };
    rows.push(row);
    return [field, row.mark];
  });
  /** @param {string[]} answer */
  const good = (answer) => rows.map(({ accept }, i) => accept.map(plain).includes(plain(answer[i] ?? "")));
  return {
    body: [h("p", { class: "sk-cloze" }, body.flat())],
    read: () => (rows.every(({ field }) => field.value.trim())
      ? { answer: rows.map(({ field }) => field.value) } : { ask: "Fill every blank first." }),
    put: (answer) => rows.forEach(({ field }, i) => (field.value = answer[i] ?? "")),
    verdict: (answer) => good(answer).every(Boolean),
    lines: (answer) => {
      const fits = good(answer);
      rows.forEach(({ mark }, i) => mark.replaceChildren(said(fits[i], fits[i] ? "Right" : "Wrong")));
      const missed = rows.filter((_, i) => !fits[i]);
      return points(missed.map(({ accept, feedback }) => point(false, "Wanted", accept[0], feedback)));
    },
  };
};

/** @type {(title: string, ...content: Child[]) => Child[]} */
const titled = (title, ...content) => [h("p", {}, h("strong", {}, title)), ...content];
/** A text of several paragraphs. @param {string} text */
const paragraphs = (text) => text.split(/\n\n+/).map((part) => paragraph(rich(part)));

/** What a good answer holds, and what a weak one lacks. @type {(task: Open) => Child[]} */
const guidance = ({ plan, model, weak, listens_for: listens }) => [
  titled("A good answer goes through", list("ol", plan.map(({ beat }) => beat))),
  model ? titled(model.invented ? "Strong answer, with an invented story" : "Strong answer", ...paragraphs(model.text)) : [],
  weak ? titled("Weak answer", paragraph(rich(weak.text)), list("ul", weak.why)) : [],
  listens ? titled("They listen for", list("ul", listens)) : [],
].flat();

/**
 * A rubric to score one's own answer by. `kept` gets the points by row once every row has some.
 *
 * @param {Open["rubric"]} rubric
 * @param {Scores | undefined} scores given before
 * @param {(scores: Scores) => void} kept
 * @returns {Child[]}
 */
const scoring = (rubric, scores, kept) => {
  const told = h("p", { class: "sk-quiet" });
  const rows = rubric.map(({ id, name, anchors }) => {
    const group = uid("row");
    const radios = Object.entries(anchors).map(([value, text]) => {
      const checked = scores?.[id] === Number(value);
      return { points: Number(value), text, input: h("input", { type: "radio", name: group, value, checked }) };
    });
    const choices = radios.map(({ points, text, input }) =>
      h("label", { class: "sk-choice" }, input, h("span", {}, h("strong", {}, `${points}. `), rich(text))));
    return { id, radios, node: h("fieldset", { class: "sk-row-score" }, h("legend", {}, rich(name)), choices) };
  });
  const put = button("Keep my score", () => {
    const given = rows.flatMap(({ id, radios }) => {
      const chosen = radios.find(({ input }) => input.checked);
      return chosen ? [[id, chosen.points]] : [];
    });
    const missing = rows.length - given.length;
    told.textContent = missing ? `Score every row first: ${missing} left.` : "Your score is kept.";
    if (!missing) kept(Object.fromEntries(given));
  });
  return [...rows.map(({ node }) => node), h("div", { class: "sk-row" }, put), told];
};

/** @type {(task: Open, keep: Keep) => Form<string>} */
const open = (task, keep) => {
  const { rubric, probes } = task;
  const field = h("textarea", { rows: 6, id: uid("answer"), maxlength: 20_000 });
  /** @param {Scores} scores */
  const kept = (scores) => keep(field.value, "seen", { scores });
  return {
    label: "Compare",
    body: [h("label", { for: field.id }, "Your answer, in notes or in full"), field],
    read: () => (field.value.trim() ? { answer: field.value } : { ask: "Note at least the points you would make." }),
    put: (answer) => (field.value = answer),
    lines: (_, entry) => [
      ...guidance(task),
      ...titled("Score yourself", ...scoring(rubric, entry?.scores, kept)),
      ...titled("Then answer", list("ul", probes.map(({ ask, listens_for: want }) => `${ask} (${want})`))),
    ],
  };
};

/** @type {(task: Card, keep: Keep) => Form<string>} */
const card = ({ front, back }, keep) => ({
  label: "Turn over",
  body: [h("p", {}, rich(front))],
  read: () => ({ answer: "", wait: true }), // kept once the reader says whether they knew it
  put: () => {},
  lines: (_, entry) => {
    const before = entry && (entry.verdict === "right" ? "You knew it." : "You forgot it.");
    const rated = h("p", { class: "sk-quiet" }, before ?? "");
    /** @type {(verdict: Verdict, words: string) => () => void} */
    const rate = (verdict, words) => () => {
      keep("", verdict);
      rated.textContent = words;
    };
    return [
      paragraph(rich(back)),
      h("div", { class: "sk-row" },
        button("I knew it", rate("right", "Noted: you knew it.")),
        button("I forgot", rate("wrong", "Noted: you forgot it."))),
      rated,
    ];
  },
});

/** The form of each kind. @type {Record<Kind, (task: any, keep: Keep) => Form>} its kind says which task it takes */
export const KINDS = { mcq: choices, multi: choices, numeric, order, match, cloze, open, card };
/** Kinds that can be judged without the reader. @type {Kind[]} */
export const GRADED = ["mcq", "multi", "numeric", "order", "match", "cloze"];
/** @type {Record<Verdict, () => Node | null>} */
const VERDICTS = {
  right: () => paragraph(said(true, "Right.")),
  wrong: () => paragraph(said(false, "Not right.")),
  seen: () => null,
};
export const SURE = ["Not sure", "Fairly sure", "Sure"];

/** One version of an item. @type {(item: Task, version?: number) => Task} */
const versionOf = (item, version = 0) => /** @type {Task} */ ({ ...item, ...item.variants?.[version] });

/** @type {(task: Task) => string[]} */
const keyOf = (task) => {
  switch (task.type) {
    case "numeric": return [inUnit(task.answer.text, task.unit)];
    case "order": return task.solution.map((id) => task.rows.find((row) => row.id === id)?.text ?? "");
    case "match": return task.pairs.map(({ left, right }) => `${left} ${right}`);
    case "cloze": return Object.values(task.blanks).map(({ accept }) => accept[0]);
    case "card": return [task.back];
    case "open": return task.plan.map(({ beat }) => beat);
    default: return task.choices.filter(({ correct }) => correct).map(({ text }) => text);
  }
};

/** The key of a question in print. @param {Task} item */
export const solution = (item) => {
  const task = versionOf(item);
  return { texts: keyOf(task), explain: task.explain };
};

/** @param {string} name */
const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");

/** Whether an answer was given to the question as it now is. @type {(item: Task, entry: Given) => boolean} */
export const current = (item, { rev, seed }) =>
  rev === item.rev && (!item.variants || item.variants.some((variant) => variant.seed === seed));

/** What the log keeps of an answer: it counts the tries itself. @param {Given} entry */
export const logged = (entry) => {
  const kept = { ...entry };
  delete kept.tries;
  return kept;
};

/**
 * Where an item is taught: a link where the page knows the place, else its name.
 *
 * @param {string} learn
 * @param {Places} places
 */
export const place = (learn, places) => {
  const [page, anchor] = learn.split("/");
  const known = places?.[learn];
  return known ? h("a", { href: known.href }, known.title) : `${words(anchor)} (${words(page)})`;
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
