// The log: merging is a law, a bad file is refused in words, and without a store everything still works.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ENTRIES, entry, pickFrom, random } from "./made.mjs";

globalThis.studykitPatience = 1; // there is no store here to wait for
const { LIMITS, Log, merge, parse } = await import("../../book/lib/studykit/widgets/js/log.mjs");

const EMPTY = { entries: [], cleared: {} };
const SAVED = { format: "studykit-log", version: 2, cleared: {}, entries: ENTRIES };
const file = (more = {}) => JSON.stringify({ ...SAVED, ...more });

/** A log of up to eight entries of three browsers, some of them changed copies, some forgotten. */
const made = (next) => {
  const browsers = ["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"];
  const entries = Array.from({ length: Math.floor(next() * 9) }, () => {
    const number = 1 + Math.floor(next() * 6);
    const answer = pickFrom(next, ["a", "b", ["a", "b"]]);
    const id = `${pickFrom(next, browsers)}-${number}`;
    if (next() < 0.7) return entry(number, { id, answer });
    const note = pickFrom(next, ["plan", "story"]);
    return { id, time: entry(number).time, note, value: pickFrom(next, [null, { a: 1 }]) };
  });
  const forgotten = browsers.filter(() => next() < 0.3);
  return { entries, cleared: Object.fromEntries(forgotten.map((browser) => [browser, Math.floor(next() * 5)])) };
};

test("merging is the same in any order, as often as wanted", () => {
  const next = random(7);
  for (let i = 0; i < 300; i += 1) {
    const [one, two, three] = [made(next), made(next), made(next)];
    const all = merge(merge(one, two), three);
    assert.deepEqual(merge(one, merge(three, two)), all);
    assert.deepEqual(merge(all, two), all);
    assert.deepEqual(merge(all, EMPTY), all);
  }
});

test("merging loses nothing but what was cleared, and brings none of it back", () => {
  const next = random(11);
  for (let i = 0; i < 300; i += 1) {
    const [one, two] = [made(next), made(next)];
    const { entries, cleared } = merge(one, two);
    const kept = new Set(entries.map(({ id }) => id));
    for (const { id } of [...one.entries, ...two.entries]) {
      const [browser, number] = id.split("-");
      assert.equal(kept.has(id), Number(number) > (cleared[browser] ?? 0), id);
    }
    assert.deepEqual(entries.map(({ time }) => time), entries.map(({ time }) => time).sort((a, b) => a - b));
  }
});

test("a file is read as it was saved", () => {
  assert.deepEqual(parse(file({ version: 1 })), { entries: ENTRIES, cleared: {} });
  assert.deepEqual(parse(file()), { entries: ENTRIES, cleared: {} });
  assert.deepEqual(parse(file({ cleared: { aaaaaaaaaa: 3 } })).cleared, { aaaaaaaaaa: 3 });
});

for (const [name, content, words] of [
  ["text", "nonsense", /not JSON/],
  ["another file", "{}", /no saved progress/],
  ["null", "null", /no saved progress/],
  ["another version", file({ version: 3 }), /version 3; this page reads versions 1 and 2/],
  ["no list", file({ entries: {} }), /needs a list/],
  ["a bad mark", file({ cleared: { x: 1 } }), /field “cleared”/],
  ["a list for marks", file({ cleared: [] }), /field “cleared”/],
  ["a bad entry", file({ entries: [entry(1), entry(2, { verdict: "x" })] }), /^Entry 2 of the file: verdict: expected/],
  ["an unknown field", file({ entries: [entry(1, { surprise: 1 })] }), /surprise: not a field/],
  ["too much", " ".repeat(LIMITS.file + 1), /20,000,001 characters/],
]) {
  test(`${name} is refused in words`, () => assert.throws(() => parse(content), { message: words }));
}

test("without a store the log works in memory and says so", async () => {
  const log = new Log("test");
  log.channel?.close(); // it would keep the test running
  log.channel = undefined;
  const full = await log.add({ item: "one", rev: 1, answer: "a", verdict: "right", seed: undefined });
  assert.match(full.id, /^[a-z0-9]{10}-1$/);
  assert.ok(!("seed" in full));
  assert.match(log.problem, /cannot be kept in this browser/);
  assert.equal(await log.importText(file()), ENTRIES.length, "all entries of the file are new");
  assert.equal(await log.importText(file()), 0);
  assert.deepEqual((await log.entriesOf(["two"])).get("two").map(({ verdict }) => verdict), ["right", "wrong"]);
  await log.setSetting("sure", true);
  assert.equal(await log.getSetting("sure"), true);
  await log.clear();
  assert.deepEqual((await log.read()).entries, []);
  assert.equal(await log.importText(file()), 0, "what was cleared stays cleared");
});

/** A log that works in memory, for there is no store here. */
const inMemory = () => {
  const log = new Log("test");
  log.channel?.close();
  log.channel = undefined;
  return log;
};

test("of a note the latest counts, and null forgets it", async () => {
  const log = inMemory();
  await log.add({ item: "one", rev: 1, answer: "a", verdict: "right" });
  await log.note("plan", { day: "2026-12-10", minutes: 30 });
  await log.note("plan", { day: "2026-12-11", minutes: 45 });
  await log.note("story-1", { title: "A tender" });
  const { entries, notes } = await log.read();
  assert.deepEqual(entries.map(({ item }) => item), ["one"], "a note is no answer");
  assert.deepEqual(Object.fromEntries(notes), {
    "plan": { day: "2026-12-11", minutes: 45 }, "story-1": { title: "A tender" },
  });
  assert.equal((await log.content()).entries.length, 3, "what it stood before is overwritten");
  await log.note("plan", null);
  assert.deepEqual([...(await log.read()).notes.keys()], ["story-1"]);
  await assert.rejects(log.note("plan", { day: null }), { message: /^plan: expected texts, lists/ });
});

test("what two browsers noted is both in a merged log, and the later one counts", async () => {
  const [one, other] = [inMemory(), inMemory()];
  await one.note("plan", { day: "2026-12-10" });
  const { entries: [first] } = await one.content();
  const earlier = { ...first, id: "bbbbbbbbbb-1", time: first.time - 1, value: { day: "2026-12-01" } };
  await other.importText(file({ entries: [earlier] }));
  await other.importText(await one.exportText());
  assert.equal((await other.content()).entries.length, 2);
  assert.deepEqual((await other.read()).notes.get("plan"), { day: "2026-12-10" });
  await other.note("plan", { day: "2026-12-24" });
  assert.equal((await other.content()).entries.length, 3, "only its own earlier note is overwritten");
});
