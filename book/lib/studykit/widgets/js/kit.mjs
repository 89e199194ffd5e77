// The kit's sheets on their page: fields that are kept in the log and print as paper, filled from the story bank where
// it can be.

import { flattenNodes, h, liveRegion, uniqueId } from "./dom.mjs";
import { button, paragraph } from "./elements.mjs";
import { storageNotice } from "./set_summary.mjs";
import { DAY_OF, offers, ROUND, thankYou } from "./sheet.mjs";
import { PARTS, storiesOf, storyTitle } from "./story.mjs";
import { keepWriting } from "./writing.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Field } from "./sheet.mjs" */
/** @import { Part, Story } from "./story.mjs" */
/** @import { Child, Host, NoteValue } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {"day-of" | "stories" | "rounds"} sheet
 * @property {{ stories: string }} pages address of the story bank
 */

const ROUND_PREFIX = "round-";

/** Print one sheet of the page alone. @param {HTMLElement} sheet */
const printOnly = (sheet) => {
  const widget = sheet.closest(".sk-widget") ?? sheet;
  widget.classList.add("sk-only");
  document.documentElement.classList.add("sk-one-sheet");
  addEventListener("afterprint", () => {
    widget.classList.remove("sk-only");
    document.documentElement.classList.remove("sk-one-sheet");
  }, { once: true });
  print();
};

/**
 * Fields to write in, each beside what prints of it.
 *
 * @param {Field[]} fields
 * @param {(values: Record<string, string>, leaving: boolean) => Promise<unknown>} save
 */
const fieldset = (fields, save) => {
  const rows = fields.map(({ name, label, rows: height, help }) => {
    const id = uniqueId("sheet");
    const input = h("textarea", { id, rows: height, maxlength: 5000 });
    const paper = h("p", { class: "sk-on-paper" });
    const node = h("div", { class: "sk-part-field" }, h("label", { for: id }, label),
      help ? h("span", { class: "sk-quiet" }, help) : null, input, paper);
    const put = (/** @type {string} */ text) => {
      input.value = text;
      paper.textContent = text || "\n".repeat(height);
    };
    input.addEventListener("input", () => (paper.textContent = input.value || "\n".repeat(height)));
    return { name, input, node, put };
  });
  const node = h("div", { class: "sk-sheet" }, rows.map((row) => row.node));
  const values = () => Object.fromEntries(rows.map(({ name, input }) => [name, input.value]));
  const writing = keepWriting(node, (leaving) => save(values(), leaving));
  return {
    node, values, stop: writing.stop, busy: writing.busy,
    /** Show what is kept, except where something is being written. @param {Record<string, unknown>} kept */
    fill: (kept) => rows.filter(({ input }) => !writing.isHeld(input))
      .forEach(({ name, put }) => put(typeof kept[name] === "string" ? kept[name] : "")),
  };
};

/** Whether anything is written. @param {Record<string, unknown>} values */
const isFilled = (values) => Object.values(values).some((text) => typeof text === "string" && text.trim());

/**
 * The sheet for the day: its own fields, and a button that fills the empty ones from stories and answers.
 *
 * @param {Log} log
 * @param {(text: string) => void} say
 */
const dayOfSheet = (log, say) => {
  const form = fieldset(DAY_OF, (values, leaving) => log.note("day-of", isFilled(values) ? values : null, leaving));
  const fill = button("Fill what is empty from my stories", async () => {
    const { notes } = await log.read();
    const [given, offered] = [form.values(), offers(notes)];
    const filled = Object.keys(offered).filter((name) => !given[name].trim() && offered[name]);
    for (const name of filled) given[name] = offered[name];
    form.fill(given);
    await log.note("day-of", isFilled(given) ? given : null);
    say(filled.length ? `Filled: ${filled.join(", ")}.` : "Your stories offer nothing for a field that is empty.");
  });
  /** @param {Map<string, NoteValue>} notes */
  const show = (notes) => form.fill(notes.get("day-of") ?? {});
  return { nodes: [form.node], buttons: [fill], show, stop: form.stop };
};

/** A story on half a sheet. @type {(story: Story) => HTMLElement} */
const storyOnPaper = (story) => h("section", { class: "sk-half" }, h("h3", {}, storyTitle(story)),
  /** @type {Part[]} */ (Object.keys(PARTS)).filter((part) => story[part].trim())
    .map((part) => paragraph(h("strong", {}, `${PARTS[part]}. `), story[part].trim())),
  story.figures.trim() ? paragraph(h("strong", {}, "Figures. "), story.figures.trim()) : null);

/** All stories, to print. @param {string} address of the story bank */
const storySheet = (address) => {
  const node = h("div");
  /** @param {Map<string, NoteValue>} notes */
  const show = (notes) => {
    const stories = storiesOf(notes);
    const none = paragraph("No story is written yet. ", h("a", { href: address }, "Write the first one"), ".");
    node.replaceChildren(...(stories.length ? stories.map(storyOnPaper) : [none]));
  };
  return { nodes: [node], buttons: [], show, stop: () => {} };
};

/**
 * Notes after each round, and the thank-you that they begin.
 *
 * @param {Log} log
 * @param {(text: string) => void} say
 */
const roundSheets = (log, say) => {
  const list = h("div");
  /** @type {Map<string, ReturnType<typeof fieldset> & { box: HTMLDetailsElement }>} */
  const rounds = new Map();
  /** @param {string} name */
  const add = (name) => {
    const title = h("span", {}, "A round");
    const mail = h("pre", { class: "sk-mail" });
    const showText = (/** @type {Record<string, string>} */ values) => {
      title.textContent = values.round?.trim() || "A round";
      mail.textContent = thankYou(values);
    };
    const form = fieldset(ROUND, (values, leaving) => log.note(name, isFilled(values) ? values : null, leaving));
    form.node.addEventListener("input", () => showText(form.values()));
    const copy = button("Copy the thank-you", async () => {
      try {
        await navigator.clipboard.writeText(mail.textContent);
        say("Copied. Finish it in your own words.");
      } catch {
        say("This browser lets nothing be copied. Select the text below.");
      }
    });
    const forget = button("Delete this round", async () => {
      rounds.delete(name);
      box.remove();
      await log.note(name, null);
      say("The round is deleted.");
    });
    const box = h("details", { class: "sk-story" }, h("summary", {}, title), form.node,
      paragraph(h("strong", {}, "The thank-you, to finish")), mail, h("div", { class: "sk-row" }, copy, forget));
    rounds.set(name, {
      ...form, box,
      fill: (kept) => {
        form.fill(kept);
        showText(form.values());
      },
    });
    rounds.get(name)?.fill({});
    list.append(box);
    return box;
  };
  const begin = button("Note a round", () => {
    const box = add(`${ROUND_PREFIX}${Date.now().toString(36)}`);
    box.open = true;
    box.querySelector("textarea")?.focus();
  });
  /** @param {Map<string, NoteValue>} notes */
  const show = (notes) => {
    for (const [name, value] of notes) {
      if (!name.startsWith(ROUND_PREFIX)) continue;
      if (!rounds.has(name)) add(name);
      rounds.get(name)?.fill(value);
    }
    for (const [name, { box, busy, values }] of rounds) {
      if (notes.has(name) || busy() || !isFilled(values())) continue;
      rounds.delete(name);
      box.remove();
    }
  };
  return { nodes: [list], buttons: [begin], show, stop: () => rounds.forEach(({ stop }) => stop()) };
};

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("the kit is kept by a page");
  const log = await model.page.log();
  const statusLine = liveRegion();
  const say = (/** @type {string} */ text) => statusLine.replaceChildren(paragraph(text));
  const sheets = {
    "day-of": () => dayOfSheet(log, say), "stories": () => storySheet(model.get("pages").stories),
    "rounds": () => roundSheets(log, say),
  };
  const sheet = sheets[model.get("sheet")]();
  const warning = h("div");
  const show = async () => {
    const { notes } = await log.read();
    sheet.show(notes);
    warning.replaceChildren(...flattenNodes(storageNotice(log, undefined)));
  };
  await show();
  el.append(h("div", { class: "sk sk-kit" }, warning, sheet.nodes,
    h("div", { class: "sk-row" }, sheet.buttons, button("Print this sheet", () => printOnly(el))), statusLine));
  const stopListening = log.on(show);
  return () => {
    stopListening();
    sheet.stop();
  };
};

export default { render };
