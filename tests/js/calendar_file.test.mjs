// The calendar file as RFC 5545 wants it; that a calendar reads it is tried in Python.

import assert from "node:assert/strict";
import { test } from "node:test";

import { calendarFile, studyDays } from "../../book/lib/studykit/widgets/js/calendar_file.mjs";

const NOW = Date.UTC(2026, 10, 30, 21, 5, 6);
const TODAY = Date.UTC(2026, 11, 1) / 86_400_000;
const ADDRESS = "https://guide.test/practice/today.html";

test("every evening until the interview, and the day itself", () => {
  const days = studyDays({ today: TODAY, day: TODAY + 2, time: "19:00", minutes: 45, address: ADDRESS });
  assert.deepEqual(days.map(({ title }) => title), [
    "Interview prep, 2 days left", "Interview prep, the last evening", "Interview",
  ]);
  assert.equal(days[2].text, "The sheet for the day: https://guide.test/practice/kit.html");
  assert.equal(studyDays({ today: TODAY, day: TODAY, time: "19:00", minutes: 45, address: ADDRESS }).length, 1);
});

test("lines end and fold as the format wants, and signs are escaped", () => {
  const title = `Peak; "ü", 日本 ${"😀".repeat(40)}\\`;
  const text = calendarFile([{ day: TODAY, time: "07:30", minutes: 45, title, text: "one\ntwo" }], NOW, "guide.test");
  assert.ok(text.startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.endsWith("END:VCALENDAR\r\n"));
  for (const line of text.split("\r\n")) assert.ok(new TextEncoder().encode(line).length <= 75, line);
  const whole = text.replaceAll("\r\n ", "");
  assert.ok(whole.includes(`SUMMARY:Peak\\; "ü"\\, 日本 ${"😀".repeat(40)}\\\\\r\n`), whole);
  assert.ok(whole.includes("DESCRIPTION:one\\ntwo\r\n"));
  assert.ok(whole.includes("DTSTART:20261201T073000\r\nDURATION:PT45M\r\n"));
  assert.ok(whole.includes("DTSTAMP:20261130T210506Z\r\n"));
});
