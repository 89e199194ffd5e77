// After `npm install`: takes every address out of the lock file. Who asks for donations is no part of what is locked.

import { readFileSync, writeFileSync } from "node:fs";

const file = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const found of Object.values(lock.packages)) {
  delete found.funding;
  delete found.resolved;
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
