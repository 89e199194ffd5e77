// The setting of a widget in the page's address.

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { readUrlState, writeUrlState } from "../../book/lib/studykit/widgets/js/url_state.mjs";

/** A page's address as the module sees it. */
const at = (address) => {
  globalThis.location = new URL(address, "http://guide.test/page.html");
};

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.history = { state: null, replaceState: (_state, _title, address) => at(address) };
});
afterEach(() => {
  mock.timers.reset();
  delete globalThis.location;
  delete globalThis.history;
});

test("a widget reads its own values only", () => {
  at("?pareto.center=South&pareto.share=0.8&map.center=North&other=1");
  assert.deepEqual(readUrlState("pareto"), { center: "South", share: "0.8" });
  assert.deepEqual(readUrlState("nothing"), {});
});

test("what is written is read again, and leads to the section", () => {
  at("?other=1#top");
  writeUrlState({ name: "pareto", section: "pareto-section" }, { center: "South & East" });
  assert.equal(location.search, "?other=1", "not at each step of a slider");
  mock.timers.tick(300);
  assert.deepEqual(readUrlState("pareto"), { center: "South & East" });
  assert.equal(new URLSearchParams(location.search).get("other"), "1");
  assert.equal(location.hash, "#pareto-section");
});

test("two widgets that change at once both stand in the address", () => {
  at("");
  writeUrlState({ name: "one" }, { a: "1" });
  writeUrlState({ name: "two" }, { a: "2" });
  mock.timers.tick(300);
  assert.deepEqual([readUrlState("one"), readUrlState("two")], [{ a: "1" }, { a: "2" }]);
});

test("a setting that is taken back leaves the address as it was", () => {
  at("?other=1#top");
  writeUrlState({ name: "pareto" }, { center: "South" });
  mock.timers.tick(300);
  writeUrlState({ name: "pareto" }, null);
  mock.timers.tick(300);
  assert.equal(location.search + location.hash, "?other=1#top");
});
