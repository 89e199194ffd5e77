// One set of questions: where the reader is in it, what was answered, and how it is kept over a reload.

/** @import { GivenAnswer, IndexItem, Kind } from "./types.d.ts" */
/**
 * @typedef {object} Session
 * @property {string[]} ids
 * @property {Record<string, GivenAnswer>} answers by id
 * @property {number} at the place of the question that is shown
 * @property {Record<string, number>} [seeds] of the orders of choices, by id
 * @property {number} started in milliseconds
 * @property {number} [ended]
 * @property {boolean} [exam] no feedback until the end
 * @property {number} [minutes] of the exam's clock; 0 for none
 * @property {string} [search] the address's part that it belongs to
 */

/** @type {(items: IndexItem[], options: import("./selection.mjs").Options) => Session} */
export const newSession = (items, options) =>
  ({ ids: items.map(({ id }) => id), answers: {}, at: 0, started: Date.now(), ...options });

/** Whether it is an exam that keeps quiet. @param {Session} session */
export const isExamRunning = ({ exam, ended }) => Boolean(exam && !ended);

/** @param {Session} session */
export const sessionVerdicts = ({ ids, answers }) => ids.map((id) => answers[id]?.verdict);

/** The next place without an answer, or -1. @type {(session: Session, at: number) => number} */
export const nextUnanswered = ({ ids, answers }, at) => ids.findIndex((id, i) => i > at && !answers[id]);

/**
 * How it went.
 *
 * @param {Session} session
 * @param {(id: string) => Kind} kind
 */
export const sessionResult = (session, kind) => {
  const verdicts = sessionVerdicts(session);
  const { ids, minutes = 0, ended = 0, started } = session;
  return {
    right: verdicts.filter((verdict) => verdict === "right").length,
    graded: ids.filter((id) => kind(id) !== "open").length,
    missed: ids.filter((_, i) => verdicts[i] === "wrong"),
    left: verdicts.filter((verdict) => !verdict).length,
    late: minutes > 0 && ended - started > minutes * 60_000,
  };
};

/** Keep a set for this tab. @type {(key: string, session: Session) => void} */
export const saveSession = (key, session) => {
  try {
    sessionStorage.setItem(key, JSON.stringify(session));
  } catch {} // a set is then lost on reload; its answers are in the log
};

/** What was kept. @type {(key: string) => unknown} */
export const loadSession = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
};

/**
 * The set of before, where it belongs to this address and is of known questions. One that is over begins again where
 * the reader came `anew`, by a link.
 *
 * @param {any} before whatever the store held
 * @param {string} search
 * @param {{ has(id: string): boolean }} known
 * @param {boolean} anew
 * @returns {Session | null}
 */
export const resumableSession = (before, search, known, anew) => {
  /** @type {Session | null} */
  const session = before;
  if (!session || session.search !== search || !session.ids?.length) return null;
  if (!session.ids.every((id) => known.has(id))) return null;
  const over = session.ended || session.ids.every((id) => session.answers[id]);
  return over && anew ? null : session;
};
