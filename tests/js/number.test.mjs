// Numbers as people type them: the same table as Python's tests read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { parseNumber, sameUnit } from "../../book/lib/studykit/widgets/js/number.mjs";
import { parseAnswer } from "../../book/lib/studykit/widgets/js/numeric_answer.mjs";

const table = JSON.parse(readFileSync(new URL("../unit/numbers.json", import.meta.url), "utf8"));
const near = (found, wanted) => Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted);

for (const row of table.numbers) {
  test(`“${row.typed}” is read as the table says`, () => {
    const { value, read, percent, unit, error, asks } = parseNumber(row.typed);
    assert.deepEqual(asks, row.ask);
    if (row.ask) {
      for (const text of row.ask) assert.ok(error.includes(text), error);
      return;
    }
    if (row.error) {
      assert.match(error, /does not read as one number|Type a number/);
      return;
    }
    assert.ok(near(value, row.value), `${value}, expected ${row.value}`);
    assert.deepEqual({ read, unit, percent }, { read: row.read, unit: row.unit, percent: row.unit === "%" });
  });
}

for (const { wanted, typed, value, ask, error } of table.answers) {
  test(`“${typed}” answers in ${wanted} as the table says`, () => {
    const found = parseAnswer({ unit: wanted, units: table.units[wanted] }, typed);
    assert.deepEqual(found.asks, ask);
    if (ask || error) assert.ok(found.error && found.value === undefined);
    else assert.ok(near(found.value, value), `${found.value}, expected ${value}`);
  });
}

test("an empty field asks for a number", () => {
  for (const typed of ["", "   ", "="]) assert.equal(parseNumber(typed).error, "Type a number.");
});

test("units mean the same by symbol and in singular, never by an abbreviation", () => {
  for (const [typed, wanted, same] of [
    ["$", "USD", true], ["$", "USD per order", true], ["USD", "USD per order", true],
    ["order", "orders per hour", true], ["orders per hour", "orders per hour", true],
    ["hour", "orders per hour", false], ["h", "hours", false], ["%", "%", true], ["in", "in³ per lb", false],
    ["orders/day", "orders a day", true], ["¢", "cents per order", true],
  ]) assert.equal(sameUnit(typed, wanted), same, `${typed} for ${wanted}`);
});
