// One question of any kind, with Check and feedback. Its key comes with it as data; nothing here needs a kernel.

import { h, status, uid } from "./dom.mjs";
import { parseNumber, sameUnit } from "./number.mjs";

/** `**bold**` and `code` as nodes, everything else as text. */
export const rich = (text) => text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, i) => {
  if (i % 2 === 0) return part;
  return part[0] === "*" ? h("strong", {}, part.slice(2, -2)) : h("code", {}, part.slice(1, -1));
});

const tone = (good) => (good ? "sk-right" : "sk-wrong");
export const said = (good, word) => h("span", { class: tone(good) }, `${good ? "✓" : "✗"} ${word}`);
const mark = () => h("span", { class: "sk-mark" });
export const paragraph = (...content) => h("p", {}, ...content);
const list = (tag, texts) => h(tag, {}, texts.map((text) => h("li", {}, rich(text))));
const point = (good, word, label, text = "") =>
  h("li", {}, said(good, word), ": ", h("strong", {}, rich(label)), text && h("br"), rich(text));
const points = (found) => (found.length ? [h("ul", { class: "sk-points" }, found)] : []);
export const button = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

// A kind of question: `body` (nodes), `read()` gives `{ answer }` or `{ ask }`, `put(answer)` shows an earlier answer,
// `verdict(answer)` judges one, `lines(answer)` marks the rows and explains. `answer(item)` gives the key in print.

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
      const lines = [];
      for (const { choice: { id, text, correct = false, feedback, missed }, mark } of rows) {
        const chosen = [answer].flat().includes(id);
        if (!chosen && !correct) continue;
        const good = chosen ? correct : one;
        const word = chosen ? (correct ? "Right" : "Wrong") : one ? "The right one" : "Missed";
        mark.replaceChildren(said(good, word));
        if (one && chosen) lines.push(paragraph(rich(feedback)));
        if (!one) lines.push(point(good, word, text, chosen ? feedback : missed ?? feedback));
      }
      return one ? lines : points(lines);
    },
  };
};

/** What was typed as an answer, in the question's unit: `{ value, read }`, or `{ error }` in words. */
export const understood = ({ unit, units }, text) => {
  const whole = text.trim();
  const named = whole.toLowerCase().endsWith(` ${unit}`.toLowerCase()); // a unit may hold digits: claims per 100 returns
  const { error, value, percent, unit: typed, read } = parseNumber(named ? whole.slice(0, -unit.length) : whole);
  if (error) return { error };
  const factor = !typed || sameUnit(typed, unit) ? 1 : units[typed.toLowerCase()];
  if (factor === undefined) return { error: `The answer is wanted in ${unit}; you typed ${typed}.` };
  return { value: (percent ? value * 100 : value) * factor, read: `Read as ${typed ? read : inUnit(read, unit)}.` };
};
const inUnit = (text, unit) => text + (unit === "%" ? unit : ` ${unit}`);

const numeric = (task) => {
  const { unit, digits, answer: key, slips, steps } = task;
  const echo = h("span", { class: "sk-quiet", id: uid("echo") });
  const field = h("input", {
    type: "text", id: uid("number"), inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": echo.id,
    oninput: () => (echo.textContent = understood(task, field.value).read ?? ""),
  });
  const places = digits === 0 ? "to a whole number" : digits === 1 ? "to one decimal" : `to ${digits} decimals`;
  const near = (answer) => {
    const { value } = understood(task, answer);
    return (target) => Math.abs(value - target.value) <= target.tolerance;
  };
  return {
    body: [h("div", { class: "sk-typed" },
      h("label", { for: field.id }, `Your answer in ${unit}, ${places}`), field, echo)],
    read: () => {
      const { error } = understood(task, field.value);
      return error ? { ask: error } : { answer: field.value };
    },
    put: (answer) => {
      field.value = answer;
      echo.textContent = understood(task, answer).read ?? "";
    },
    verdict: (answer) => near(answer)(key),
    lines: (answer) => {
      const slip = !near(answer)(key) && slips.find(near(answer));
      return [
        paragraph(understood(task, answer).read ?? "", ` The answer is ${inUnit(key.text, unit)}.`),
        slip && paragraph(rich(slip.feedback)),
        steps.length ? list("ol", steps) : null,
      ];
    },
  };
};

const order = ({ rows, solution }) => {
  const steps = new Map(rows.map((row) => {
    const text = h("span", {}, rich(row.text));
    const up = button("↑", () => move(row.id, -1));
    const down = button("↓", () => move(row.id, 1));
    const step = { ...row, up, down, mark: mark(), label: text.textContent };
    const grip = h("span", { class: "sk-grip", "aria-hidden": "true", onpointerdown: (event) => drag(event, row.id) }, "⠿");
    return [row.id, { ...step, node: h("li", {}, grip, h("div", {}, text, step.mark), h("span", { class: "sk-moves" }, up, down)) }];
  }));
  const body = h("ol", { class: "sk-order" });
  let ids;
  const put = (answer) => {
    ids = [...answer];
    ids.forEach((id, i) => {
      const { up, down, label, node } = steps.get(id);
      up.disabled = i === 0;
      down.disabled = i === ids.length - 1;
      up.setAttribute("aria-label", `Move up, now ${i + 1} of ${ids.length}: ${label}`);
      down.setAttribute("aria-label", `Move down, now ${i + 1} of ${ids.length}: ${label}`);
      if (body.children[i] !== node) body.insertBefore(node, body.children[i] ?? null);
    });
  };
  const moved = () => body.dispatchEvent(new Event("input", { bubbles: true }));
  const move = (id, by) => {
    const at = ids.indexOf(id);
    put(ids.with(at, ids[at + by]).with(at + by, id));
    const { up, down } = steps.get(id);
    const [pressed, other] = by < 0 ? [up, down] : [down, up];
    (pressed.disabled ? other : pressed).focus(); // moving a row takes the focus from its buttons
    moved();
  };
  /** Beside the buttons: a row follows the pointer that holds its grip. */
  const drag = (event, id) => {
    event.preventDefault();
    const { node } = steps.get(id);
    const follow = ({ clientY }) => {
      const others = ids.filter((other) => other !== id);
      const middle = (other) => {
        const { top, height } = steps.get(other).node.getBoundingClientRect();
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
  const early = (answer) => answer.map((id) => steps.get(id))
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
        paragraph("An order that works:"), list("ol", solution.map((id) => steps.get(id).text)),
      ];
    },
  };
};

const match = ({ pairs, rights }) => {
  const letter = (right) => String.fromCharCode(65 + rights.indexOf(right));
  const rows = pairs.map((pair) => {
    const select = h("select", { id: uid("match") }, h("option", {}, "Choose"),
      rights.map((right) => h("option", {}, `${letter(right)}. ${right}`)));
    const row = { ...pair, select, mark: mark() };
    const label = h("label", { for: select.id }, rich(pair.left));
    return { ...row, node: h("div", { class: "sk-pair" }, label, select, row.mark) };
  });
  const good = (answer) => rows.map(({ right }, i) => answer[i] === right);
  return {
    body: [h("ol", { type: "A" }, rights.map((right) => h("li", {}, rich(right)))), ...rows.map(({ node }) => node)],
    read: () => (rows.every(({ select }) => select.selectedIndex > 0)
      ? { answer: rows.map(({ select }) => rights[select.selectedIndex - 1]) } : { ask: "Choose one for every row." }),
    put: (answer) => rows.forEach(({ select }, i) => (select.selectedIndex = rights.indexOf(answer[i]) + 1)),
    verdict: (answer) => good(answer).every(Boolean),
    lines: (answer) => {
      const fits = good(answer);
      rows.forEach(({ right, mark }, i) => mark.replaceChildren(said(fits[i], fits[i] ? "Right" : `Wrong: ${letter(right)}`)));
      return points(rows.filter((_, i) => !fits[i]).map(({ left, right, feedback }) => point(false, letter(right), left, feedback)));
    },
  };
};

const SLOT = /\{\{\s*(\w+)\s*\}\}/;
const cloze = ({ text, blanks }) => {
  const plain = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
  const rows = [];
  const body = text.split(SLOT).map((part, i) => {
    if (i % 2 === 0) return rich(part);
    const field = h("input", { type: "text", autocomplete: "off", maxlength: 200, "aria-label": `Blank ${rows.length + 1}` });
    rows.push({ ...blanks[part], field, mark: mark() });
    return [field, rows.at(-1).mark];
  });
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
      return points(rows.filter((_, i) => !fits[i]).map(({ accept, feedback }) => point(false, "Wanted", accept[0], feedback)));
    },
  };
};

const titled = (title, ...content) => [h("p", {}, h("strong", {}, title)), ...content];
/** A text of several paragraphs. */
const paragraphs = (text) => text.split(/\n\n+/).map((part) => paragraph(rich(part)));

const guidance = ({ plan, model, weak, listens_for: listens }) => [
  titled("A good answer goes through", list("ol", plan.map(({ beat }) => beat))),
  model && titled(model.invented ? "Strong answer, with an invented story" : "Strong answer", ...paragraphs(model.text)),
  weak && titled("Weak answer", paragraph(rich(weak.text)), list("ul", weak.why)),
  listens && titled("They listen for", list("ul", listens)),
].filter(Boolean).flat();

const open = (task, keep) => {
  const { rubric, probes } = task;
  const field = h("textarea", { rows: 6, id: uid("answer"), maxlength: 20_000 });
  const score = (scores) => {
    const kept = h("p", { class: "sk-quiet" });
    const rows = rubric.map(({ id, name, anchors }) => {
      const group = uid("row");
      const radios = Object.entries(anchors).map(([points, text]) => ({
        points: Number(points), text, input: h("input", { type: "radio", name: group, value: points, checked: scores?.[id] === Number(points) }),
      }));
      return { id, radios, node: h("fieldset", { class: "sk-row-score" }, h("legend", {}, rich(name)),
        radios.map(({ points, text, input }) => h("label", { class: "sk-choice" }, input, h("span", {}, h("strong", {}, `${points}. `), rich(text))))) };
    });
    const put = button("Keep my score", () => {
      const given = rows.map(({ id, radios }) => [id, radios.find(({ input }) => input.checked)?.points]);
      const missing = given.filter(([, points]) => !points).length;
      kept.textContent = missing ? `Score every row first: ${missing} left.` : "Your score is kept.";
      if (!missing) keep(field.value, "seen", { scores: Object.fromEntries(given) });
    });
    return [...rows.map(({ node }) => node), h("div", { class: "sk-row" }, put), kept];
  };
  return {
    label: "Compare",
    body: [h("label", { for: field.id }, "Your answer, in notes or in full"), field],
    read: () => (field.value.trim() ? { answer: field.value } : { ask: "Note at least the points you would make." }),
    put: (answer) => (field.value = answer),
    lines: (_, entry) => [
      ...guidance(task),
      ...titled("Score yourself", ...score(entry?.scores)),
      ...titled("Then answer", list("ul", probes.map(({ ask, listens_for: want }) => `${ask} (${want})`))),
    ],
  };
};

const card = ({ front, back }, keep) => ({
  label: "Turn over",
  body: [h("p", {}, rich(front))],
  read: () => ({ answer: "", wait: true }), // kept once the reader says whether they knew it
  put: () => {},
  lines: (_, entry) => {
    const rated = h("p", { class: "sk-quiet" }, entry ? (entry.verdict === "right" ? "You knew it." : "You forgot it.") : "");
    const rate = (verdict, words) => () => {
      keep("", verdict);
      rated.textContent = words;
    };
    return [
      paragraph(rich(back)),
      h("div", { class: "sk-row" },
        button("I knew it", rate("right", "Noted: you knew it.")), button("I forgot", rate("wrong", "Noted: you forgot it."))),
      rated,
    ];
  },
});

export const KINDS = { mcq: choices, multi: choices, numeric, order, match, cloze, open, card };
/** Kinds that can be judged without the reader. */
export const GRADED = ["mcq", "multi", "numeric", "order", "match", "cloze"];
const VERDICTS = { right: () => paragraph(said(true, "Right.")), wrong: () => paragraph(said(false, "Not right.")), seen: () => null };
export const SURE = ["Not sure", "Fairly sure", "Sure"];

/** The key of a question in print. */
export const solution = (item) => {
  const task = { ...item, ...item.variants?.[0] };
  const said = {
    numeric: () => [inUnit(task.answer.text, task.unit)],
    order: () => task.solution.map((id) => task.rows.find((row) => row.id === id).text),
    match: () => task.pairs.map(({ left, right }) => `${left} ${right}`),
    cloze: () => Object.values(task.blanks).map(({ accept }) => accept[0]),
    card: () => [task.back],
    open: () => task.plan.map(({ beat }) => beat),
  }[item.type] ?? (() => task.choices.filter(({ correct }) => correct).map(({ text }) => text));
  return { texts: said(), explain: task.explain };
};

/** The stem of a question; a numeric one has a stem for each variant. */
export const stem = (item, version = 0) => item.variants?.[version].stem ?? item.stem;

const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");

/** Whether an answer was given to the question as it now is. */
export const current = (item, { rev, seed }) =>
  rev === item.rev && (!item.variants || item.variants.some((variant) => variant.seed === seed));

/** Where an item is taught: a link where the page knows the place, else its name. */
export const place = (learn, places) => {
  const [page, anchor] = learn.split("/");
  const known = places?.[learn];
  return known ? h("a", { href: known.href }, known.title) : `${words(anchor)} (${words(page)})`;
};

/**
 * One question. `options`: `title`; `save(entry)`, called with each answer, may return nodes to add to the feedback;
 * `sure()`, whether to ask how sure the reader is; `places` for links; `exam()`, whether to keep quiet until the end.
 */
export const question = (item, { title, save, sure = () => false, places, exam = () => false }) => {
  const node = h("form", { class: "sk-question", novalidate: true });
  const shown = { version: 0 };
  let entry;
  let started;

  const build = (version, stored) => {
    const task = { ...item, ...item.variants?.[version] };
    const result = status();
    shown.version = version;
    started = undefined;
    const keep = (answer, verdict, more = {}) => {
      const seconds = started && Math.min(3600, Math.round((Date.now() - started) / 1000));
      entry = { rev: item.rev, answer, verdict, tries: (entry?.tries ?? 0) + 1, seconds, ...more };
      if (item.variants) entry.seed = task.seed;
      for (const name of Object.keys(entry)) if (entry[name] === undefined) delete entry[name];
      return save(entry);
    };
    const kind = KINDS[item.type](task, keep);
    const graded = GRADED.includes(item.type);
    const group = uid("sure");
    const levels = SURE.map((text, i) => h("input", { type: "radio", name: group, value: i + 1, "aria-label": text }));
    const certainty = h("fieldset", { class: "sk-sure" }, h("legend", {}, "How sure are you?"),
      SURE.map((text, i) => h("label", {}, levels[i], " ", text)));
    const restart = (next) => {
      build(next);
      node.querySelector("input, select, textarea, button:enabled").focus();
    };
    const again = button("Try again", () => restart(version));
    const other = () => restart((version + 1) % item.variants.length);
    const check = h("button", { type: "submit" }, exam() ? "Keep answer" : kind.label ?? "Check");
    const settle = (checked) => { // not `disabled`, which would take the focus away
      check.setAttribute("aria-disabled", checked);
      again.hidden = !checked;
    };
    const clear = () => {
      settle(false);
      result.replaceChildren();
      node.querySelectorAll(".sk-mark").forEach((mark) => mark.replaceChildren());
    };
    const judge = (answer) => (graded ? (kind.verdict(answer) ? "right" : "wrong") : "seen");
    const show = (answer, stored) => {
      const verdict = judge(answer);
      settle(true);
      const learn = item.learn ? [" Read more: ", place(item.learn, places), "."] : [];
      const content = [VERDICTS[verdict](), ...kind.lines(answer, stored), paragraph(rich(task.explain), learn)];
      result.replaceChildren(...content.filter(Boolean));
    };

    node.oninput = (event) => {
      started ??= Date.now();
      if (!result.contains(event.target) && !certainty.contains(event.target)) clear();
    };
    node.onfocusin = () => (started ??= Date.now());
    node.onsubmit = (event) => {
      event.preventDefault();
      if (!again.hidden) return;
      started ??= Date.now();
      const { answer, ask, wait } = kind.read();
      const level = levels.findIndex((input) => input.checked) + 1;
      const asks = graded && sure();
      if (ask) return result.replaceChildren(paragraph(ask));
      if (asks && !level) return result.replaceChildren(paragraph("Say how sure you are first."));
      const more = asks ? { certainty: level } : {};
      if (exam()) {
        keep(answer, judge(answer), more);
        return result.replaceChildren(paragraph("Kept. You can change it until you finish."));
      }
      show(answer);
      if (!wait) result.append(...[keep(answer, judge(answer), more)].flat().filter(Boolean));
    };
    node.onkeydown = (event) => { // a form in JupyterLab does not submit by itself
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      if (!result.contains(event.target)) node.requestSubmit();
    };
    const hints = exam() ? [] : (task.hints ?? []).map((hint, i) =>
      h("details", {}, h("summary", {}, i ? "Another hint" : "Hint"), paragraph(rich(hint))));
    node.replaceChildren(
      h("fieldset", {}, h("legend", {}, title && h("span", { class: "sk-quiet" }, title), rich(task.stem)), kind.body),
      ...hints,
      graded && sure() ? certainty : "",
      h("div", { class: "sk-row" }, check, again, item.variants && !exam() ? button("Another version", other) : null),
      result,
    );
    clear();
    if (stored) {
      kind.put(stored.answer);
      if (stored.certainty) levels[stored.certainty - 1].checked = true;
      if (!exam()) show(stored.answer, stored);
    }
  };

  build(0);
  return {
    node,
    item,
    version: () => shown.version,
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
    refresh: () => build(shown.version, entry),
    focus: () => node.querySelector("input, select, textarea, button:enabled")?.focus(),
  };
};
