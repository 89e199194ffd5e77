// Questions with Check and feedback. Keys come with the items as data; nothing here needs a kernel.

import { h, status, uid } from "./dom.mjs";
import { parseNumber } from "./number.mjs";

/** `**bold**` and `code` as nodes, everything else as text. */
const rich = (text) => text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part, i) => {
  if (i % 2 === 0) return part;
  return part[0] === "*" ? h("strong", {}, part.slice(2, -2)) : h("code", {}, part.slice(1, -1));
});

const tone = (good) => (good ? "sk-right" : "sk-wrong");
const said = (good, word) => h("span", { class: tone(good) }, `${good ? "✓" : "✗"} ${word}`);
const mark = () => h("span", { class: "sk-mark" });
const paragraph = (...content) => h("p", {}, ...content);
const list = (tag, texts) => h(tag, {}, texts.map((text) => h("li", {}, rich(text))));
const point = (good, word, label, text = "") =>
  h("li", {}, said(good, word), ": ", h("strong", {}, rich(label)), text && h("br"), rich(text));
const points = (found) => (found.length ? [h("ul", { class: "sk-points" }, found)] : []);
const button = (text, onclick) => h("button", { type: "button", class: "sk-plain", onclick }, text);

// A kind of question: `body` (nodes), `read()` gives `{ answer }` or `{ ask }`, `put(answer)` shows an earlier answer,
// `grade(answer)` marks the rows and gives `{ verdict, lines }`.

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
    grade: (answer) => {
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
      const right = choices.every(({ id, correct = false }) => correct === [answer].flat().includes(id));
      return { verdict: right ? "right" : "wrong", lines: one ? lines : points(lines) };
    },
  };
};

const numeric = ({ unit, units, digits, answer: key, slips, steps }) => {
  const echo = h("span", { class: "sk-quiet", id: uid("echo") });
  const field = h("input", {
    type: "text", id: uid("number"), inputmode: "decimal", autocomplete: "off", maxlength: 40,
    "aria-describedby": echo.id,
    oninput: () => (echo.textContent = understood(field.value).read ?? ""),
  });
  const understood = (text) => {
    const { error, value, percent, unit: typed, read } = parseNumber(text);
    if (error) return { error };
    const factor = typed ? units[typed.toLowerCase()] : 1;
    if (factor === undefined) return { error: `The answer is wanted in ${unit}; you typed ${typed}.` };
    return { value: (percent ? value * 100 : value) * factor, read: `Read as ${typed ? read : inUnit(read)}.` };
  };
  const inUnit = (text) => text + (unit === "%" ? unit : ` ${unit}`);
  const places = digits === 0 ? "to a whole number" : digits === 1 ? "to one decimal" : `to ${digits} decimals`;
  return {
    body: [h("div", { class: "sk-typed" },
      h("label", { for: field.id }, `Your answer in ${unit}, ${places}`), field, echo)],
    read: () => {
      const { error } = understood(field.value);
      return error ? { ask: error } : { answer: field.value };
    },
    put: (answer) => {
      field.value = answer;
      echo.textContent = understood(answer).read;
    },
    grade: (answer) => {
      const { value, read } = understood(answer);
      const near = (target) => Math.abs(value - target.value) <= target.tolerance;
      const right = near(key);
      const slip = !right && slips.find(near);
      return { verdict: right ? "right" : "wrong", lines: [
        paragraph(read, ` The answer is ${inUnit(key.text)}.`),
        slip && paragraph(rich(slip.feedback)),
        steps.length ? list("ol", steps) : null,
      ] };
    },
  };
};

const order = ({ rows, solution }) => {
  const steps = new Map(rows.map((row) => {
    const text = h("span", {}, rich(row.text));
    const up = button("↑", () => move(row.id, -1));
    const down = button("↓", () => move(row.id, 1));
    const step = { ...row, up, down, mark: mark(), label: text.textContent };
    return [row.id, { ...step, node: h("li", {}, h("div", {}, text, step.mark), h("span", {}, up, down)) }];
  }));
  const body = h("ol", { class: "sk-order" });
  let ids;
  const put = (answer) => {
    ids = [...answer];
    body.append(...ids.map((id, i) => {
      const { up, down, label, node } = steps.get(id);
      up.disabled = i === 0;
      down.disabled = i === ids.length - 1;
      up.setAttribute("aria-label", `Move up, now ${i + 1} of ${ids.length}: ${label}`);
      down.setAttribute("aria-label", `Move down, now ${i + 1} of ${ids.length}: ${label}`);
      return node;
    }));
  };
  const move = (id, by) => {
    const at = ids.indexOf(id);
    put(ids.with(at, ids[at + by]).with(at + by, id));
    const { up, down } = steps.get(id);
    const [pressed, other] = by < 0 ? [up, down] : [down, up];
    (pressed.disabled ? other : pressed).focus(); // moving a row takes the focus from its buttons
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };
  put(rows.map(({ id }) => id));
  return {
    body: [body],
    read: () => ({ answer: ids }),
    put,
    grade: (answer) => {
      const early = answer.map((id) => steps.get(id))
        .filter(({ id, after }) => after.some((before) => answer.indexOf(before) > answer.indexOf(id)));
      early.forEach(({ mark }) => mark.replaceChildren(said(false, "Too early")));
      if (early.length === 0) return { verdict: "right", lines: [] };
      return { verdict: "wrong", lines: [
        ...points(early.map(({ text, why }) => point(false, "Too early", text, why))),
        paragraph("An order that works:"), list("ol", solution.map((id) => steps.get(id).text)),
      ] };
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
  return {
    body: [h("ol", { type: "A" }, rights.map((right) => h("li", {}, rich(right)))), ...rows.map(({ node }) => node)],
    read: () => (rows.every(({ select }) => select.selectedIndex > 0)
      ? { answer: rows.map(({ select }) => rights[select.selectedIndex - 1]) } : { ask: "Choose one for every row." }),
    put: (answer) => rows.forEach(({ select }, i) => (select.selectedIndex = rights.indexOf(answer[i]) + 1)),
    grade: (answer) => {
      const wrong = rows.filter(({ right, mark }, i) => {
        const good = answer[i] === right;
        mark.replaceChildren(said(good, good ? "Right" : `Wrong: ${letter(right)}`));
        return !good;
      });
      const lines = wrong.map(({ left, right, feedback }) => point(false, letter(right), left, feedback));
      return { verdict: wrong.length ? "wrong" : "right", lines: points(lines) };
    },
  };
};

const cloze = ({ text, blanks }) => {
  const plain = (words) => words.trim().replace(/\s+/g, " ").toLowerCase();
  const rows = [];
  const body = text.split(/\{\{\s*(\w+)\s*\}\}/).map((part, i) => {
    if (i % 2 === 0) return rich(part);
    const field = h("input", { type: "text", autocomplete: "off", "aria-label": `Blank ${rows.length + 1}` });
    rows.push({ ...blanks[part], field, mark: mark() });
    return [field, rows.at(-1).mark];
  });
  return {
    body: [h("p", { class: "sk-cloze" }, body.flat())],
    read: () => (rows.every(({ field }) => field.value.trim())
      ? { answer: rows.map(({ field }) => field.value) } : { ask: "Fill every blank first." }),
    put: (answer) => rows.forEach(({ field }, i) => (field.value = answer[i])),
    grade: (answer) => {
      const wrong = rows.filter(({ accept, mark }, i) => {
        const good = accept.map(plain).includes(plain(answer[i]));
        mark.replaceChildren(said(good, good ? "Right" : "Wrong"));
        return !good;
      });
      const lines = wrong.map(({ accept, feedback }) => point(false, "Wanted", accept[0], feedback));
      return { verdict: wrong.length ? "wrong" : "right", lines: points(lines) };
    },
  };
};

const open = ({ rubric, plan, model, weak, probes, listens_for: listens }) => {
  const field = h("textarea", { rows: 6, id: uid("answer") });
  const titled = (title, ...content) => [h("p", {}, h("strong", {}, title)), ...content];
  return {
    label: "Compare",
    body: [h("label", { for: field.id }, "Your answer, in notes or in full"), field],
    read: () => (field.value.trim() ? { answer: field.value } : { ask: "Note at least the points you would make." }),
    put: (answer) => (field.value = answer),
    grade: () => ({ verdict: "seen", lines: [
      plan && titled("A good answer goes through", list("ol", plan)),
      model && titled(model.invented ? "Model answer, invented" : "Model answer", paragraph(rich(model.text))),
      weak && titled("Weak answer", paragraph(rich(weak.text)), list("ul", weak.why)),
      listens && titled("They listen for", list("ul", listens)),
      titled("Score yourself"),
      rubric.map(({ name, anchors }) => [paragraph(rich(name)),
        h("ul", {}, Object.entries(anchors).map(([score, text]) => h("li", {}, `${score}: `, rich(text))))]),
      titled("Then answer", list("ul", probes.map(({ ask, listens_for: want }) => `${ask} (${want})`))),
    ].flat(2) }),
  };
};

const card = ({ front, back }, rate) => ({
  label: "Turn over",
  body: [h("p", {}, rich(front))],
  read: () => ({ answer: "" }),
  put: () => {},
  grade: () => ({ verdict: "seen", lines: [
    paragraph(rich(back)),
    h("div", { class: "sk-row" }, button("I knew it", () => rate("right")), button("I forgot", () => rate("wrong"))),
  ] }),
});

const KINDS = { mcq: choices, multi: choices, numeric, order, match, cloze, open, card };
const VERDICTS = {
  right: () => paragraph(said(true, "Right.")),
  wrong: () => paragraph(said(false, "Not right.")),
  seen: () => null,
};

/** Where an item is taught: a link where the section stands on this page, else its name. */
const place = (learn) => {
  const [page, anchor] = learn.split("/");
  const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll("-", " ");
  const here = location.pathname.endsWith(`/${page}.html`) && document.getElementById(anchor);
  return here ? h("a", { href: `#${anchor}` }, words(anchor)) : `${words(anchor)} (${words(page)})`;
};

/** One question. `save(entry)` keeps an answer and says whether it was the last one missing. */
const question = (item, title, save) => {
  const node = h("form", { class: "sk-question", novalidate: true });
  let entry;

  const build = (version, stored) => {
    const task = { ...item, ...item.variants?.[version] };
    const keep = (answer, verdict) => {
      entry = { rev: item.rev, answer, verdict, tries: (entry?.tries ?? 0) + 1 };
      if (item.variants) entry.seed = task.seed;
      return save(entry);
    };
    const kind = KINDS[item.type](task, (verdict) => {
      keep("", verdict);
      result.replaceChildren(VERDICTS[verdict]());
    });
    const result = status();
    const restart = (next) => {
      build(next);
      node.querySelector("input, select, textarea, button:enabled").focus();
    };
    const again = button("Try again", () => restart(version));
    const other = () => restart((version + 1) % item.variants.length);
    const check = h("button", { type: "submit" }, kind.label ?? "Check");
    const settle = (checked) => { // not `disabled`, which would take the focus away
      check.setAttribute("aria-disabled", checked);
      again.hidden = !checked;
    };
    const clear = () => {
      settle(false);
      result.replaceChildren();
      node.querySelectorAll(".sk-mark").forEach((mark) => mark.replaceChildren());
    };
    const show = (answer) => {
      const { verdict, lines } = kind.grade(answer);
      settle(true);
      const learn = item.learn ? [" Read more: ", place(item.learn), "."] : [];
      const content = [VERDICTS[verdict](), ...lines, paragraph(rich(task.explain), learn)];
      result.replaceChildren(...content.filter(Boolean));
      return verdict;
    };

    node.oninput = clear;
    node.onsubmit = (event) => {
      event.preventDefault();
      if (!again.hidden) return;
      const { answer, ask } = kind.read();
      if (ask) result.replaceChildren(paragraph(ask));
      else if (keep(answer, show(answer))) result.append(paragraph("All questions are answered; the result is below."));
    };
    node.onkeydown = (event) => { // a form in JupyterLab does not submit by itself
      if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
      event.preventDefault();
      node.requestSubmit();
    };
    const hints = (task.hints ?? []).map((hint, i) =>
      h("details", {}, h("summary", {}, i ? "Another hint" : "Hint"), paragraph(rich(hint))));
    node.replaceChildren(
      h("fieldset", {}, h("legend", {}, title && h("span", { class: "sk-quiet" }, title), rich(task.stem)), kind.body),
      ...hints,
      h("div", { class: "sk-row" }, check, again, item.variants ? button("Another version", other) : null),
      result,
    );
    clear();
    if (stored) {
      kind.put(stored.answer);
      show(stored.answer);
    }
  };

  build(0);
  return {
    node,
    put: (stored) => {
      if (JSON.stringify(stored) === JSON.stringify(entry)) return;
      entry = stored;
      build(Math.max(0, item.variants?.findIndex(({ seed }) => seed === stored?.seed) ?? 0), stored);
    },
  };
};

const render = ({ model, el }) => {
  const items = model.get("items");
  const many = items.length > 1;
  const progress = h("p", { class: "sk-quiet" });
  const summary = h("div", { class: "sk-summary" });
  const verdicts = () => items.map(({ id }) => model.get("answers")[id]?.verdict);

  const title = (i) => (many ? `Question ${i + 1} of ${items.length}` : null);
  const questions = items.map((item, i) => question(item, title(i), (entry) => {
    const missing = verdicts().filter((verdict) => !verdict).length;
    model.set("answers", { ...model.get("answers"), [item.id]: entry });
    model.save_changes();
    return many && missing === 1 && verdicts().every(Boolean);
  }));

  const refresh = () => {
    const now = verdicts();
    questions.forEach(({ put }, i) => put(model.get("answers")[items[i].id]));
    const right = now.filter((verdict) => verdict === "right").length;
    progress.textContent = `${now.filter(Boolean).length} of ${items.length} answered, ${right} right`;
    const weak = [...new Set(items.filter(({ learn }, i) => now[i] === "wrong" && learn).map(({ learn }) => learn))];
    summary.replaceChildren(...(many && now.every(Boolean) ? [
      h("p", {}, h("strong", {}, `${right} of ${items.length} right.`)),
      weak.length ? h("div", {}, paragraph("Read next:"), h("ul", {}, weak.map((learn) => h("li", {}, place(learn)))))
        : paragraph("Nothing to read again. Answer them once more in a few days: what is spaced out stays longer."),
    ] : []));
  };
  model.on("change:answers", refresh);
  refresh();
  el.append(h("div", { class: "sk sk-quiz" }, many ? progress : null, questions.map(({ node }) => node), summary));
  return () => model.off("change:answers", refresh);
};

export default { render };
