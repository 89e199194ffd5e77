// The check by hand is the schema's: on the table that Python is held to, and at every bound the schema names.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { entryProblem } from "../../book/lib/studykit/widgets/js/log.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const schema = read("../../book/lib/studykit/widgets/js/log-entry.schema.json");
const { base, rows } = read("../unit/log_entries.json");

/** An entry of the table. */
const made = (row) => {
  if ("entry" in row) return row.entry;
  const entry = { ...base, ...row.with };
  for (const [name, length] of Object.entries(row.long ?? {})) entry[name] = (row.sign ?? "a").repeat(length);
  delete entry[row.without];
  return JSON.parse(JSON.stringify(entry));
};

/** What is said of a bad field, in the schema's words. */
const refusal = (name) => {
  const field = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (name === "not an entry") return name;
  return field ? `${name}: expected ${field.description}` : `${name}: not a field of an entry`;
};

for (const row of rows) {
  test(`${row.name}: ${row.field ? "refused" : "accepted"}`, () => {
    assert.equal(entryProblem(made(row)), row.field && refusal(row.field));
  });
}

/** Values at the bounds of a field, and those just outside. */
const bounds = ({ minimum, maximum, maxLength, enum: names }) => ({
  inside: [minimum, maximum, maxLength && "a".repeat(maxLength), ...(names ?? [])],
  outside: [minimum - 1, maximum + 1, maxLength && "a".repeat(maxLength + 1)],
});
const given = (value) => typeof value === "string" || Number.isInteger(value);

for (const [name, field] of Object.entries(schema.properties)) {
  test(`${name} reaches as far as the schema says`, () => {
    const { inside, outside } = bounds(field);
    const problem = (value) => entryProblem({ ...base, [name]: value });
    for (const value of inside.filter(given)) assert.equal(problem(value), undefined, `${value}`);
    for (const value of outside.filter(given)) assert.equal(problem(value), refusal(name), `${value}`);
  });
}

test("what must be there is what the schema requires", () => {
  const full = { ...base, certainty: 3, seconds: 12, seed: 4, scores: { own: 5 } };
  assert.deepEqual(Object.keys(full).sort(), Object.keys(schema.properties).sort());
  for (const name of Object.keys(full)) {
    const rest = { ...full };
    delete rest[name];
    assert.equal(entryProblem(rest) === undefined, !schema.required.includes(name), name);
  }
});
