// The story bank: stories written in parts, what each of them answers, and what none answers yet. All of it is kept in
// the log as the reader writes.

import { countText, flattenNodes, h, liveRegion, uniqueId } from "./dom.mjs";
import { download } from "./download.mjs";
import { button, paragraph } from "./elements.mjs";
import { printWith } from "./print.mjs";
import { storageNotice } from "./set_summary.mjs";
import {
  asMarkdown, CARRYING_SHARE, emptyStory, gapsAndOveruse, isBegun, MOST_QUESTIONS, noteName, PARTS, storiesOf,
  storyTitle, TAGS, toNote, wordBalance, WORDS_A_MINUTE,
} from "./story.mjs";
import { keepWriting } from "./writing.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Part, Story, Tag, Tagged } from "./story.mjs" */
/** @import { Child, Host } from "./types.d.ts" */
/**
 * @typedef {object} State
 * @property {{ id: string, name: string, stage: string, href?: string, seconds: number }[]} questions
 * @property {Record<string, string>} responsibilities
 * @property {Record<string, string>} values
 * @property {Record<string, string>} stages
 */
/** @typedef {{ story: Story, node: HTMLDetailsElement, fill(story: Story): void, busy(): boolean }} Card */

const HELP = {
  title: "Three words you'd find it by",
  situation: "Two sentences: where, when, what was at stake",
  task: "One sentence: what was yours to do",
  action: "What you decided and did, in order, and why",
  result: "What changed, against what, and what it cost",
  hindsight: "One thing, said without excuse",
  figures: "Each with its base and period, one a line",
};

/** What a story's words say about it. @param {Story} story */
const balanceText = (story) => {
  const { parts, all, share } = wordBalance(story);
  if (!all) return "Nothing is written yet.";
  const seconds = Math.round((60 * all) / WORDS_A_MINUTE);
  const spread = parts.filter(({ words }) => words).map(({ part, words }) => `${PARTS[part].toLowerCase()} ${words}`);
  const advice = share >= CARRYING_SHARE ? "" : " Aim for half or more: cut the situation first.";
  return `${countText(all, "word")}, about ${seconds} seconds: ${spread.join(", ")}. What you did and what came of it `
    + `carry ${Math.round(100 * share)}%.${advice}`;
};

/**
 * A story to write in.
 *
 * @param {Story} first
 * @param {(story: Story, leaving: boolean) => Promise<unknown>} save
 * @param {(story: Story) => void} remove
 * @returns {Card}
 */
const storyCard = (first, save, remove) => {
  const title = h("span", {}, storyTitle(first));
  const balance = h("p", { class: "sk-quiet" }, balanceText(first));
  /** @typedef {{ node: HTMLElement, input: HTMLInputElement | HTMLTextAreaElement }} Field */
  /** @type {(name: Part | "title" | "figures", label: string, rows: number) => Field} */
  const field = (name, label, rows) => {
    const id = uniqueId("story");
    const change = () => {
      card.story = { ...card.story, [name]: input.value };
      title.textContent = storyTitle(card.story);
      balance.textContent = balanceText(card.story);
    };
    const about = { id, "aria-describedby": `${id}-help`, oninput: change, maxlength: 5000 };
    const input = rows === 1
      ? h("input", { type: "text", autocomplete: "off", ...about }) : h("textarea", { rows, ...about });
    input.value = first[name];
    const help = h("span", { class: "sk-quiet", id: `${id}-help` }, HELP[name]);
    const node = h("div", { class: "sk-part-field" }, h("label", { for: id }, label), help, input);
    return { node, input };
  };
  const names = /** @type {Part[]} */ (Object.keys(PARTS));
  const fields = /** @type {const} */ ([
    ["title", field("title", "Name of the story", 1)],
    ...names.map((name) => /** @type {const} */ ([name, field(name, PARTS[name], name === "action" ? 6 : 3)])),
    ["figures", field("figures", "Figures with their base", 2)],
  ]);
  const node = h("details", { class: "sk-story" }, h("summary", {}, title),
    fields.map(([, { node: part }]) => part), balance,
    h("div", { class: "sk-row" }, button("Delete this story", () => remove(card.story))));
  const writing = keepWriting(node, (leaving) => save(card.story, leaving));
  /** @type {Card} */
  const card = {
    story: first, node,
    fill: (story) => {
      const written = fields.filter(([, { input }]) => writing.isUnkept(input))
        .map(([name]) => [name, card.story[name]]);
      card.story = { ...story, ...Object.fromEntries(written) };
      for (const [name, { input }] of fields) if (!writing.isHeld(input)) input.value = card.story[name];
      title.textContent = storyTitle(card.story);
      balance.textContent = balanceText(card.story);
    },
    busy: writing.busy,
  };
  return card;
};

/**
 * Which story answers what: a box for each pair.
 *
 * @type {(stories: Story[], tagged: Tagged & { questions: { href?: string }[] },
 *   toggle: (story: Story, tag: Tag, id: string, on: boolean) => void) => HTMLElement}
 */
const matrix = (stories, tagged, toggle) => {
  const label = "Which story answers what";
  /** @type {(tag: Tag, row: { id: string, name: string, href?: string }) => HTMLElement} */
  const line = (tag, { id, name, href }) => {
    const count = stories.filter((story) => story[tag].includes(id)).length;
    const boxes = stories.map((story) => h("td", {}, h("input", {
      type: "checkbox", checked: story[tag].includes(id), "aria-label": `${storyTitle(story)}: ${name}`,
      "data-box": `${story.id} ${tag} ${id}`,
      onchange: ({ target }) => toggle(story, tag, id, /** @type {HTMLInputElement} */ (target).checked),
    })));
    return h("tr", {}, h("th", { scope: "row" }, href ? h("a", { href }, name) : name), boxes,
      h("td", { class: "n" }, count || h("span", { class: "sk-wrong" }, "none")));
  };
  const columns = stories.length + 2;
  return h("div", { class: "sk-table", tabindex: 0, role: "region", "aria-label": label }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Answers"),
      stories.map((story) => h("th", { scope: "col" }, storyTitle(story))),
      h("th", { scope: "col", class: "n" }, "Stories"))),
    /** @type {Tag[]} */ (Object.keys(TAGS)).map((tag) => h("tbody", {},
      h("tr", {}, h("th", { scope: "rowgroup", colspan: columns }, h("strong", {}, TAGS[tag]))),
      tagged[tag].map((row) => line(tag, row))))));
};

/** What the matrix says, in words. @type {(stories: Story[], tagged: Tagged) => Child[]} */
const verdict = (stories, tagged) => {
  const { gaps, overused } = gapsAndOveruse(stories, tagged);
  const all = tagged.questions.length;
  const open = gaps.length
    ? `${gaps.length} of ${all} questions have no story yet.` : `Each of the ${all} questions has a story.`;
  const often = overused.map((story) =>
    paragraph(`“${storyTitle(story)}” answers ${story.questions.length} questions. Interviewers compare notes: tell a `
      + `story in ${MOST_QUESTIONS} answers at most, and never in two rounds of one day.`));
  return [paragraph(h("strong", {}, open)), often];
};

/** A story on paper. @type {(story: Story) => Child[]} */
const printedStory = (story) => [
  h("h2", {}, storyTitle(story)),
  /** @type {Part[]} */ (Object.keys(PARTS)).filter((part) => story[part].trim())
    .map((part) => paragraph(h("strong", {}, `${PARTS[part]}. `), story[part].trim())),
  story.figures.trim() ? paragraph(h("strong", {}, "Figures. "), story.figures.trim()) : null,
];

/** The bank on its page. */
class Stories {
  /**
   * @param {Log} log
   * @param {Tagged} tagged
   */
  constructor(log, tagged) {
    this.log = log;
    this.tagged = tagged;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    this.warning = h("div");
    this.list = h("div");
    this.verdict = h("div");
    this.matrix = h("div");
    this.status = liveRegion();
    this.undo = h("div", { class: "sk-row", hidden: true });
  }

  get stories() {
    return [...this.cards.values()].map(({ story }) => story);
  }

  /** @type {(story: Story, leaving?: boolean) => Promise<void>} */
  async save(story, leaving = false) {
    if (isBegun(story)) await this.log.note(noteName(story.id), toNote(story), leaving);
  }

  /** Add a card for a story. @param {Story} story */
  put(story) {
    const card = storyCard(story, (changed, leaving) => this.save(changed, leaving), (gone) => this.remove(gone));
    this.cards.set(story.id, card);
    this.list.append(card.node);
    return card;
  }

  /** @param {Story} story */
  async remove(story) {
    this.cards.get(story.id)?.node.remove();
    this.cards.delete(story.id);
    await this.log.note(noteName(story.id), null);
    this.status.replaceChildren(paragraph(`“${storyTitle(story)}” is deleted.`));
    this.undo.replaceChildren(button("Put it back", async () => {
      this.undo.hidden = true;
      this.put(story);
      await this.save(story);
      this.status.replaceChildren(paragraph(`“${storyTitle(story)}” is back.`));
    }));
    this.undo.hidden = false;
    this.show();
  }

  /** @type {(story: Story, tag: Tag, id: string, on: boolean) => void} */
  toggle(story, tag, id, on) {
    const card = this.cards.get(story.id);
    if (!card) return;
    const rest = card.story[tag].filter((one) => one !== id);
    card.story = { ...card.story, [tag]: on ? [...rest, id] : rest };
    this.save(card.story);
  }

  /** Take in what is kept now, here or from another tab; a field that is being written stays as it is. */
  async refresh() {
    const { notes } = await this.log.read();
    const kept = storiesOf(notes);
    for (const story of kept) {
      const card = this.cards.get(story.id);
      if (card) card.fill(story);
      else this.put(story);
    }
    const known = new Set(kept.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (known.has(id) || card.busy() || (!kept.length && !isBegun(card.story))) continue;
      card.node.remove();
      this.cards.delete(id);
    }
    this.warning.replaceChildren(...storageNotice(this.log, await this.log.daysUnsaved()));
    this.show();
  }

  /** A story to begin with: one that is empty, or a new one. */
  begin() {
    const empty = [...this.cards.values()].find(({ story }) => !isBegun(story));
    const random = crypto.getRandomValues(new Uint32Array(2));
    const card = empty ?? this.put(emptyStory([...random].map((part) => part.toString(36)).join(""), Date.now()));
    card.node.open = true;
    return card;
  }

  /** Draw what follows from the stories; the box that had the focus has it again. */
  show() {
    const { stories } = this;
    const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.box : undefined;
    const begun = stories.filter(isBegun);
    this.verdict.replaceChildren(...flattenNodes(verdict(begun, this.tagged)));
    this.matrix.replaceChildren(...(begun.length
      ? [matrix(begun, this.tagged, (...change) => this.toggle(...change))]
      : [paragraph("Write a story, and tick here what it answers.")]));
    if (!held) return;
    const box = [...this.matrix.querySelectorAll("input")].find(({ dataset }) => dataset.box === held);
    box?.focus();
  }
}

/** @param {Host<State>} host */
const render = async ({ model, el }) => {
  if (!model.page) throw new Error("stories are kept by a page");
  const log = await model.page.log();
  /** @type {(names: Record<string, string>) => { id: string, name: string }[]} */
  const rows = (names) => Object.entries(names).map(([id, name]) => ({ id, name }));
  const tagged = {
    questions: model.get("questions"), responsibilities: rows(model.get("responsibilities")),
    values: rows(model.get("values")),
  };
  const bank = new Stories(log, tagged);
  const add = button("Write a new story", () => bank.begin().node.querySelector("input")?.focus());
  const save = button("Save as Markdown", () => {
    download("my-stories.md", asMarkdown(bank.stories.filter(isBegun), tagged), "text/markdown");
    bank.status.replaceChildren(paragraph("Saved as my-stories.md, for your own editor."));
  });
  await bank.refresh();
  if (!bank.cards.size) bank.begin();
  el.append(h("div", { class: "sk sk-stories" }, bank.warning, bank.list,
    h("div", { class: "sk-row" }, add, save, button("Print", () => print())), bank.status, bank.undo,
    h("h3", {}, "What they answer"), bank.verdict, bank.matrix));
  const stopPrinting = printWith(el, "sk-paper", () => bank.stories.filter(isBegun).map(printedStory));
  const stopListening = log.on(() => bank.refresh());
  return () => {
    stopPrinting();
    stopListening();
  };
};

export default { render };
