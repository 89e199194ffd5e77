// The check by hand is the schema's: on the table that Python is held to, and at every bound the schema names.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { entryProblem } from "../../book/lib/studykit/widgets/js/log.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const schema = read("../../book/lib/studykit/widgets/js/log-entry.schema.json");
const { base, note, rows } = read("../unit/log_entries.json");

/** A description as the schema gives it, its fields' references resolved. */
const resolved = ({ $ref: place, ...field }) => {
  if (!place) return field;
  const found = place.slice(2).split("/").reduce((within, name) => within[name], schema);
  return { ...resolved(found), ...field };
};
const fieldsOf = (kind) => Object.fromEntries(
  Object.entries(schema.$defs[kind].properties).map(([name, field]) => [name, resolved(field)]),
);
const KINDS = { answer: fieldsOf("answer"), note: fieldsOf("note") };

/** An entry of the table. */
const made = (row) => {
  if ("entry" in row) return row.entry;
  if ("note" in row) return { ...note, ...row.note };
  const entry = { ...base, ...row.with };
  for (const [name, length] of Object.entries(row.long ?? {})) entry[name] = (row.sign ?? "a").repeat(length);
  delete entry[row.without];
  return JSON.parse(JSON.stringify(entry));
};

/** What is said of a bad field, in the schema's words. */
const refusal = (name, kind) => {
  const field = Object.hasOwn(KINDS[kind], name) ? KINDS[kind][name] : undefined;
  if (name === "not an entry") return name;
  return field ? `${name}: expected ${field.description}` : `${name}: not a field of an entry`;
};

for (const row of rows) {
  test(`${row.name}: ${row.field ? "refused" : "accepted"}`, () => {
    assert.equal(entryProblem(made(row)), row.field && refusal(row.field, "note" in row ? "note" : "answer"));
  });
}

/** Values at the bounds of a field, and those just outside. */
const bounds = ({ minimum, maximum, maxLength, enum: names }) => ({
  inside: [minimum, maximum, maxLength && "a".repeat(maxLength), ...(names ?? [])],
  outside: [minimum - 1, maximum + 1, maxLength && "a".repeat(maxLength + 1)],
});
const given = (value) => typeof value === "string" || Number.isInteger(value);

for (const [kind, whole] of [["answer", base], ["note", note]]) {
  for (const [name, field] of Object.entries(KINDS[kind])) {
    test(`${name} of a ${kind} reaches as far as the schema says`, () => {
      const { inside, outside } = bounds(field);
      const problem = (value) => entryProblem({ ...whole, [name]: value });
      for (const value of inside.filter(given)) assert.equal(problem(value), undefined, `${value}`);
      for (const value of outside.filter(given)) assert.equal(problem(value), refusal(name, kind), `${value}`);
    });
  }
}

test("a note's parts reach as far as the schema says", () => {
  const { anyOf: [, { maxProperties: most, additionalProperties: part }] } = schema.$defs.note.properties.value;
  const [, { maxLength }, { maxItems }] = part.anyOf;
  const problem = (value) => entryProblem({ ...note, value });
  const parts = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`part-${i}`, i]));
  for (const [inside, outside] of [
    [parts(most), parts(most + 1)],
    [{ text: "a".repeat(maxLength) }, { text: "a".repeat(maxLength + 1) }],
    [{ list: Array(maxItems).fill("a") }, { list: Array(maxItems + 1).fill("a") }],
    [{ list: ["a".repeat(maxLength)] }, { list: ["a".repeat(maxLength + 1)] }],
  ]) {
    assert.equal(problem(inside), undefined);
    assert.equal(problem(outside), refusal("value", "note"));
  }
});

test("what must be there is what the schema requires", () => {
  const more = { certainty: 3, seconds: 12, seed: 4, scores: { own: 5 }, grade: 3, round: "first", delivery: {} };
  for (const [kind, full] of [["answer", { ...base, ...more }], ["note", note]]) {
    assert.deepEqual(Object.keys(full).sort(), Object.keys(KINDS[kind]).sort());
    for (const name of Object.keys(full).filter((field) => field !== "note")) { // without it, it is no note
      const rest = { ...full };
      delete rest[name];
      assert.equal(entryProblem(rest) === undefined, !schema.$defs[kind].required.includes(name), name);
    }
  }
});
