// A story for the interview: its parts, how its words are spread over them, what it answers, and the bank as a text.
// Nothing here touches the page.

/** @import { NoteValue } from "./types.d.ts" */
/** @typedef {"situation" | "task" | "action" | "result" | "hindsight"} Part */
/** @typedef {"questions" | "responsibilities" | "values"} Tag what a story can answer */
/**
 * @typedef {Record<Part, string> & Record<Tag, string[]> & {
 *   id: string, title: string, figures: string, made: number,
 * }} Story
 */
/** @typedef {Record<Tag, { id: string, name: string }[]>} Tagged what there is to answer, in order */

/** @type {Record<Part, string>} */
export const PARTS = {
  situation: "Situation", task: "Your task", action: "What you did", result: "What came of it",
  hindsight: "What you'd do differently",
};
/** @type {Record<Tag, string>} */
export const TAGS = { questions: "Questions", responsibilities: "Responsibilities", values: "Values" };
const PREFIX = "story-";
/** The pace of a calm speaker. */
export const WORDS_A_MINUTE = 140;
/** Of a story's words, at least this share tells what its teller did and what came of it. */
export const CARRYING_SHARE = 0.5;
/** A story that answers more than this many questions of the interview is told too often. */
export const MOST_QUESTIONS = 2;

const PART_NAMES = /** @type {Part[]} */ (Object.keys(PARTS));
const TAG_NAMES = /** @type {Tag[]} */ (Object.keys(TAGS));

/** @type {(value: unknown) => string} */
const text = (value) => (typeof value === "string" ? value : "");
/** @type {(value: unknown) => string[]} */
const texts = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

/** The name of a story's note. @param {string} id */
export const noteName = (id) => `${PREFIX}${id}`;

/** A story without a word. @type {(id: string, made: number) => Story} */
export const emptyStory = (id, made) => toStory(id, { made });

/**
 * A story as its note holds it; what is missing is empty.
 *
 * @param {string} id
 * @param {NoteValue} value
 * @returns {Story}
 */
const toStory = (id, value) => ({
  .../** @type {Record<Part, string>} */ (Object.fromEntries(PART_NAMES.map((part) => [part, text(value[part])]))),
  .../** @type {Record<Tag, string[]>} */ (Object.fromEntries(TAG_NAMES.map((tag) => [tag, texts(value[tag])]))),
  id, title: text(value.title), figures: text(value.figures),
  made: typeof value.made === "number" ? value.made : 0,
});

/** What is kept of a story under its name. @param {Story} story */
export const toNote = (story) =>
  /** @type {NoteValue} */ (Object.fromEntries(Object.entries(story).filter(([name]) => name !== "id")));

/**
 * All stories of a log, in the order in which they were begun.
 *
 * @param {Map<string, NoteValue>} notes
 */
export const storiesOf = (notes) => [...notes].filter(([name]) => name.startsWith(PREFIX))
  .map(([name, value]) => toStory(name.slice(PREFIX.length), value))
  .sort((a, b) => a.made - b.made || (a.id < b.id ? -1 : 1));

/** Whether anything is written in it. @param {Story} story */
export const isBegun = (story) => Boolean(story.title.trim() || story.figures.trim()
  || PART_NAMES.some((part) => story[part].trim()) || TAG_NAMES.some((tag) => story[tag].length));

/** What a story is called where it has no title yet. @param {Story} story */
export const storyTitle = ({ title }) => title.trim() || "Untitled story";

/** @param {string} given */
export const countWords = (given) => given.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/**
 * Words by part, all of them, and the share that action and result carry; 0 where nothing is written.
 *
 * @param {Story} story
 */
export const wordBalance = (story) => {
  const parts = PART_NAMES.map((part) => ({ part, words: countWords(story[part]) }));
  const all = parts.reduce((sum, { words }) => sum + words, 0);
  const carrying = parts.filter(({ part }) => part === "action" || part === "result")
    .reduce((sum, { words }) => sum + words, 0);
  return { parts, all, share: all ? carrying / all : 0 };
};

/**
 * What no story answers, and the stories that answer too many questions.
 *
 * @param {Story[]} stories
 * @param {Tagged} tagged
 */
export const gapsAndOveruse = (stories, tagged) => ({
  gaps: tagged.questions.filter(({ id }) => !stories.some(({ questions }) => questions.includes(id))),
  overused: stories.filter(({ questions }) => questions.length > MOST_QUESTIONS),
});

/**
 * The bank as Markdown.
 *
 * @param {Story[]} stories
 * @param {Tagged} tagged
 */
export const asMarkdown = (stories, tagged) => {
  /** @type {(story: Story, tag: Tag) => string} */
  const named = (story, tag) =>
    tagged[tag].filter(({ id }) => story[tag].includes(id)).map(({ name }) => name).join("; ");
  const sections = stories.map((story) => [
    `## ${storyTitle(story)}`,
    ...PART_NAMES.filter((part) => story[part].trim()).map((part) => `**${PARTS[part]}.** ${story[part].trim()}`),
    ...(story.figures.trim() ? [`**Figures with their base.** ${story.figures.trim()}`] : []),
    ...TAG_NAMES.filter((tag) => story[tag].length).map((tag) => `*${TAGS[tag]}:* ${named(story, tag)}`),
  ].join("\n\n"));
  return `${["# My stories", ...sections].join("\n\n")}\n`;
};
