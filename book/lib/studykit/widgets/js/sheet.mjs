// The fields of the kit's sheets: what they ask for, and what the rest of the log offers for them. Nothing here touches
// the page.

import { storiesOf, storyTitle } from "./story.mjs";

/** @import { Story } from "./story.mjs" */
/** @import { NoteValue } from "./types.d.ts" */
/** @typedef {{ name: string, label: string, rows: number, help?: string }} Field */

/** @type {Field[]} */
export const DAY_OF = [
  { name: "when", label: "When, in your zone and in theirs", rows: 1 },
  { name: "link", label: "Link or address, and the recruiter's number if it fails", rows: 2 },
  { name: "people", label: "Who: names, titles, how to say them", rows: 2 },
  { name: "figures", label: "Three figures of your own, each with its base", rows: 3 },
  { name: "stories", label: "Your stories as three words each, in the order you'd use them", rows: 4 },
  { name: "first", label: "Your first sentence of “why this role”", rows: 2 },
  { name: "fact", label: "One dated fact about the platform, checked today", rows: 2 },
  { name: "questions", label: "Three questions, each for one person", rows: 3 },
];
/** @type {Field[]} */
export const ROUND = [
  { name: "round", label: "Which round, and when", rows: 1 },
  { name: "people", label: "Whom you spoke with, and what each cares about", rows: 2 },
  { name: "asked", label: "What they asked, in their words", rows: 4 },
  { name: "better", label: "What you'd answer now", rows: 3 },
  { name: "promised", label: "What you promised to send, and by when", rows: 2 },
  { name: "learned", label: "What you learned about the job", rows: 2 },
  { name: "told", label: "Which stories you told", rows: 1, help: "Tell others in the next round" },
];

const LINES = 3;
/** The lines of a text that hold something. @param {string} text */
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
/** @param {string} text */
const firstSentence = (text) => text.trim().split(/(?<=[.!?])\s/)[0] ?? "";

/**
 * What the log offers for the fields of the day-of sheet, by field.
 *
 * @param {Map<string, NoteValue>} notes
 * @returns {Record<string, string>}
 */
export const offers = (notes) => {
  const stories = storiesOf(notes);
  const own = notes.get("own-hr-why-this-role")?.text;
  return {
    figures: stories.flatMap(({ figures }) => lines(figures).slice(0, 1)).slice(0, LINES).join("\n"),
    stories: stories.map(storyTitle).join("\n"),
    first: typeof own === "string" ? firstSentence(own.replace(/^["“]/, "")) : "",
  };
};

/**
 * A thank-you note from what was written down after a round: an outline to finish, not a text to send.
 *
 * @param {Record<string, string>} round
 */
export const thankYou = ({ people = "", learned = "", promised = "" }) => {
  const [name = ""] = people.split(/[,\n]/);
  return [
    `Hi ${name.trim() || "[name]"},`,
    `Thank you for your time today. ${learned.trim() || "[One thing you learned from them, in your words.]"}`,
    promised.trim() ? `As promised: ${promised.trim()}` : "[What you promised to send, or leave this out.]",
    "[One sentence on why this makes you want the job more.]",
    "[Your name]",
  ].join("\n\n");
};
