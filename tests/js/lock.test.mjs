// What is installed is what is locked, from wherever a reader's npm fetches it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("the lock file holds a hash for every package, and no address", () => {
  const text = readFileSync(new URL("package-lock.json", import.meta.url), "utf8");
  assert.doesNotMatch(text, /:\/\/|"resolved"/, "npm run lock takes addresses out");
  const packages = Object.entries(JSON.parse(text).packages).filter(([name]) => name);
  assert.ok(packages.length > 50);
  for (const [name, { integrity }] of packages) assert.match(integrity ?? "", /^sha512-/, name);
});
