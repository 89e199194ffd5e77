// Below a question's slots: the reader's stories that are tagged with it, and a field for their own version.

import { flattenNodes, h, uniqueId } from "./dom.mjs";
import { paragraph } from "./elements.mjs";
import { countWords, storiesOf, storyTitle, WORDS_A_MINUTE } from "./story.mjs";
import { keepWriting } from "./writing.mjs";

/** @import { Log } from "./log.mjs" */
/** @import { Story } from "./story.mjs" */
/** @import { Child } from "./types.d.ts" */

/** The name of the note that holds the reader's own version of an answer. @param {string} question */
export const ownNote = (question) => `own-${question}`;

/** What a story offers for an answer. @param {Story} story */
const offered = (story) => h("li", {}, h("strong", {}, storyTitle(story)),
  [story.action, story.result, story.figures].filter((part) => part.trim()).map((part) => [h("br"), part.trim()]));

/** The stories that fit, or where to write one. @type {(stories: Story[], bank: string) => Child[]} */
const offer = (stories, bank) => (stories.length
  ? [
    paragraph("From ", h("a", { href: bank }, "your story bank"), ", for this question:"),
    h("ul", {}, stories.map(offered)),
  ] : [
    paragraph("No story of yours is tagged with this question. ", h("a", { href: bank }, "Write or tag one"),
      ", and it shows here."),
  ]);

/**
 * Start the part that a holder describes; what it shows follows the log.
 *
 * @param {HTMLElement} holder with `data-question`, `data-seconds` and `data-stories`, the address of the story bank
 * @param {Log} log
 */
export const mountOwn = async (holder, log) => {
  const { question = "", seconds = "", stories: bank = "" } = holder.dataset;
  const budget = Math.round((Number(seconds) * WORDS_A_MINUTE) / 60);
  const id = uniqueId("own");
  const field = h("textarea", { id, rows: 8, maxlength: 10_000, "aria-describedby": `${id}-count` });
  const count = h("p", { class: "sk-quiet", id: `${id}-count` });
  const stories = h("div");
  const showCount = () => {
    const words = countWords(field.value);
    count.textContent = `${words} words; ${seconds} seconds hold about ${budget}. Kept in this browser.`;
  };
  const show = async () => {
    const { notes } = await log.read();
    const fitting = storiesOf(notes).filter((story) => story.questions.includes(question));
    stories.replaceChildren(...flattenNodes(offer(fitting, bank)));
    const kept = notes.get(ownNote(question))?.text;
    if (!writing.isHeld(field)) field.value = typeof kept === "string" ? kept : "";
    showCount();
  };
  field.addEventListener("input", showCount);
  const writing = keepWriting(holder, (leaving) =>
    log.note(ownNote(question), field.value.trim() ? { text: field.value } : null, leaving));
  await show();
  holder.replaceChildren(h("div", { class: "sk" }, stories,
    h("label", { for: id }, "Your version, as you'd say it"), field, count));
  log.on(show);
};
