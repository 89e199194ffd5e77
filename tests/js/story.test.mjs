// A story's words, what a bank of them answers, and the bank as a text.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  asMarkdown, countWords, emptyStory, gapsAndOveruse, isBegun, noteName, storiesOf, toNote, wordBalance,
} from "../../book/lib/studykit/widgets/js/story.mjs";

const story = (id, more) => ({ ...emptyStory(id, 1), ...more });
const TAGGED = {
  questions: [{ id: "why", name: "Why this role" }, { id: "peak", name: "Peak season" }, { id: "cost", name: "Cost" }],
  responsibilities: [{ id: "tracking", name: "Performance tracking" }],
  values: [{ id: "candid", name: "Be candid" }],
};

test("words are what is spoken, not marks", () => {
  assert.equal(countWords("  We cut 6 %, on nine million — a year. "), 8);
  assert.equal(countWords(" \n "), 0);
});

test("action and result carry a share of the words", () => {
  const written = story("a", { situation: "one two", action: "three", result: "four five six" });
  const { all, share, parts } = wordBalance(written);
  assert.equal(all, 6);
  assert.equal(share, 4 / 6);
  assert.deepEqual(parts.map(({ words }) => words), [2, 0, 1, 3, 0]);
  assert.equal(wordBalance(emptyStory("a", 1)).share, 0);
});

test("a story is kept and read as it was written, in the order of its beginning", () => {
  const later = story("b", { title: "Later", made: 2, questions: ["why"] });
  const earlier = story("c", { title: "Earlier", figures: "6% of nine million a year, 2025" });
  const notes = new Map(
    [[noteName("b"), toNote(later)], ["plan", { day: "2026-12-10" }], [noteName("c"), toNote(earlier)]],
  );
  assert.deepEqual(storiesOf(notes), [earlier, later]);
});

test("a note of another form gives empty parts, and breaks nothing", () => {
  const [found] = storiesOf(new Map([[noteName("a"), { title: 5, action: ["x"], questions: "why", made: "now" }]]));
  assert.deepEqual(found, { ...emptyStory("a", 0) });
});

test("a story is begun by a word or a tick", () => {
  assert.ok(!isBegun(story("a", { title: " " })));
  assert.ok(isBegun(story("a", { figures: "6%" })));
  assert.ok(isBegun(story("a", { values: ["candid"] })));
});

test("questions without a story, and stories told too often, are named", () => {
  const often = story("a", { questions: ["why", "peak", "gone"] });
  const { gaps, overused } = gapsAndOveruse([often, story("b", { questions: ["why", "peak"] })], TAGGED);
  assert.deepEqual(gaps.map(({ id }) => id), ["cost"]);
  assert.deepEqual(overused, [often]);
});

test("the bank as Markdown names what each story answers", () => {
  const written = story("a", {
    title: "The tender", situation: "A contract ended.", action: "I led it.", figures: "6% of nine million",
    questions: ["cost", "why"], values: ["candid"],
  });
  assert.equal(asMarkdown([written, emptyStory("b", 2)], TAGGED), `# My stories

## The tender

**Situation.** A contract ended.

**What you did.** I led it.

**Figures with their base.** 6% of nine million

*Questions:* Why this role; Cost

*Values:* Be candid

## Untitled story
`);
});
