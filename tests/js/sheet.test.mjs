// What the log offers for the day-of sheet, and the outline of a thank-you.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DAY_OF, offers, ROUND, thankYou } from "../../book/lib/studykit/widgets/js/sheet.mjs";

const NOTES = new Map(Object.entries({
  "story-a": { title: "The tender", figures: "\n6% of nine million a year, 2025\nten weeks", made: 1 },
  "story-b": { title: "", figures: "", made: 2 },
  "story-c": { title: "The lamp", figures: "18,000 in two days", made: 3 },
  "own-hr-why-this-role": { text: "“Because it's the job I do now. I've been in procurement for nine years." },
}));

test("stories give titles and the first figure of each, an answer its first sentence", () => {
  assert.deepEqual(offers(NOTES), {
    figures: "6% of nine million a year, 2025\n18,000 in two days",
    stories: "The tender\nUntitled story\nThe lamp",
    first: "Because it's the job I do now.",
  });
  assert.deepEqual(offers(new Map()), { figures: "", stories: "", first: "" });
  for (const name of Object.keys(offers(NOTES))) assert.ok(DAY_OF.some((field) => field.name === name), name);
});

test("a thank-you takes up what was noted and leaves the rest to the writer", () => {
  const text = thankYou({ people: "Dana Reyes, director", learned: "Peak is planned in May.", promised: "" });
  assert.match(text, /^Hi Dana Reyes,\n\nThank you for your time today\. Peak is planned in May\./);
  assert.match(text, /\[What you promised to send, or leave this out\.\]/);
  assert.match(thankYou({}), /^Hi \[name\],/);
  assert.ok(ROUND.some(({ name }) => name === "promised"));
});
