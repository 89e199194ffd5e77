// The clock of an exam: off until asked for, announced at a few marks only, and it ends nothing.

import { h } from "./dom.mjs";

/** @typedef {{ started: number, minutes?: number }} Timed */

const ANNOUNCEMENTS = [
  { mark: 0.5, words: "Half of the time is left." },
  { mark: 300, words: "Five minutes are left." },
  { mark: 60, words: "One minute is left." },
  { mark: 0, words: "Time is up. You can still finish at your own pace." },
];

/** Seconds as minutes and seconds. @param {number} seconds */
export const formatClock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Whole seconds that are left. @type {(timed: Timed, now: number) => number} */
export const secondsLeft = ({ started, minutes = 0 }, now) =>
  Math.max(0, Math.round(minutes * 60 - (now - started) / 1000));

/**
 * What is announced with so many seconds left, or nothing.
 *
 * @type {(left: number, total: number) => string | undefined}
 */
export const announcement = (left, total) => ANNOUNCEMENTS.findLast(({ mark }) => {
  const at = mark === 0.5 ? total / 2 : mark;
  return left === Math.round(at) && at < total;
})?.words;

/**
 * A clock that shows the time left; `announce` gets what is announced.
 *
 * @param {(words: string) => void} announce
 */
export const examClock = (announce) => {
  const node = h("span", { role: "timer" });
  /** @type {number | undefined} */
  let ticking;
  /** @param {Timed} timed */
  const tick = (timed) => {
    const left = secondsLeft(timed, Date.now());
    node.textContent = `${formatClock(left)} left`;
    const words = announcement(left, (timed.minutes ?? 0) * 60);
    if (words) announce(words);
  };
  const stop = () => clearInterval(ticking);
  /** @param {() => Timed} timed */
  const start = (timed) => {
    tick(timed());
    ticking = setInterval(() => tick(timed()), 1000);
  };
  return { node, tick, start, stop };
};
