// The log: what a reader answered and noted, kept in this browser and nowhere else. An entry is an answer to a
// question, or a note: what the reader set, wrote or ticked, by name, of which the latest counts. Entries are only ever
// added, one record each, so that two tabs cannot overwrite each other; what a page shows is derived from them.
//
// An entry's id is `{browser}-{number}`: a browser counts its own entries. Clearing remembers, for every browser, the
// number up to which entries are gone, so that a later merge neither brings them back nor loses one that was not there.

/** @import { Cleared, Entry, GivenAnswer, LogContent, LogEntry, Note, NoteValue } from "./types.d.ts" */

export const FORMAT = { format: "studykit-log", version: 2 }; // version 1 knew no notes; it is read as well
const STORE_VERSION = 2;
export const LIMITS = { file: 20_000_000, entries: 100_000, text: 20_000 };
const DAY = 86_400_000;
const OPEN_TIMEOUT = globalThis.studykitPatience ?? 1500; // a store that does not answer must not hold up a page
const ID = /^([a-z0-9]{10})-(\d{1,9})$/;
const SEED = 1e15;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const VERDICTS = ["right", "wrong", "seen"];

/** @type {(value: unknown, low: number, high: number) => boolean} */
const isWholeNumber = (value, low, high) =>
  typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;
/**
 * @param {unknown} value
 * @param {number} most
 * @returns {value is string}
 */
const isText = (value, most) =>
  typeof value === "string" && (value.length <= most || (value.length <= 2 * most && [...value].length <= most));
/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @type {(value: unknown) => boolean} */
const isTextList = (value) =>
  Array.isArray(value) && value.length <= 50 && value.every((part) => isText(part, LIMITS.text));
/** @type {(row: [name: string, score: unknown]) => boolean} */
const isScore = ([name, score]) => SLUG.test(name) && (score === 1 || score === 3 || score === 5);

/** @type {(value: unknown) => boolean} */
const isName = (value) => isText(value, 100) && SLUG.test(value);
/** @type {(row: [name: string, measure: unknown]) => boolean} */
const isMeasure = ([name, measure]) =>
  isName(name) && typeof measure === "number" && measure >= 0 && measure <= 86_400;
/** @type {(part: unknown) => boolean} */
const isPart = (part) => typeof part === "boolean" || Number.isFinite(part) || isText(part, LIMITS.text)
  || (Array.isArray(part) && part.length <= 200 && part.every((text) => isText(text, LIMITS.text)));
/**
 * @param {unknown} value
 * @returns {value is NoteValue | null}
 */
const isNoteValue = (value) => value === null || (isRecord(value) && Object.keys(value).length <= 60
  && Object.entries(value).every(([name, part]) => isName(name) && isPart(part)));

/**
 * A field of an entry, what it must be, and whether it may be left out: `log-entry.schema.json` by hand.
 *
 * @typedef {Record<string, [fits: (value: unknown) => boolean, wanted: string, optional?: boolean]>} Fields
 */
/** @type {Fields} */
const OF_ALL = {
  id: [(value) => isText(value, 20) && ID.test(value), "a browser's ten letters or digits, a hyphen and a number"],
  time: [(value) => isWholeNumber(value, 1e12, 1e13), "milliseconds since 1970"],
};
/** @type {Fields} */
const OF_ANSWERS = {
  ...OF_ALL,
  item: [isName, "a question's id"],
  rev: [(value) => isWholeNumber(value, 1, 1e6), "a whole number from 1"],
  answer: [(value) => isText(value, LIMITS.text) || isTextList(value), "a text or a list of texts"],
  verdict: [(value) => typeof value === "string" && VERDICTS.includes(value), `one of ${VERDICTS.join(", ")}`],
  certainty: [(value) => isWholeNumber(value, 1, 3), "1, 2 or 3", true],
  seconds: [(value) => isWholeNumber(value, 0, 86_400), "seconds, at most a day", true],
  seed: [(value) => isWholeNumber(value, -SEED, SEED), "a whole number", true],
  scores: [(value) => isRecord(value) && Object.entries(value).every(isScore), "1, 3 or 5 for each row", true],
  grade: [(value) => isWholeNumber(value, 1, 4), "1, 2, 3 or 4", true],
  round: [isName, "a name in small letters, digits and hyphens", true],
  delivery: [
    (value) => isRecord(value) && Object.entries(value).every(isMeasure), "numbers by name, from 0 to 86,400", true,
  ],
};
/** @type {Fields} */
const OF_NOTES = {
  ...OF_ALL,
  note: [isName, "a name in small letters, digits and hyphens"],
  value: [isNoteValue, "texts, lists of texts, numbers or yes and no by name, or null for what is forgotten"],
};
const FIELD_NAMES = Object.keys({ ...OF_ANSWERS, ...OF_NOTES });
const ANSWER_RULES = Object.entries(OF_ANSWERS);
const NOTE_RULES = Object.entries(OF_NOTES);

/**
 * What is wrong with an entry, in words, or undefined.
 *
 * @param {unknown} entry
 * @returns {string | undefined}
 */
export const entryProblem = (entry) => {
  if (!isRecord(entry)) return "not an entry";
  const isNote = Object.hasOwn(entry, "note");
  for (const [name, [fits, wanted, optional]] of isNote ? NOTE_RULES : ANSWER_RULES) {
    if (entry[name] === undefined ? !optional : !fits(entry[name])) return `${name}: expected ${wanted}`;
  }
  const fields = isNote ? OF_NOTES : OF_ANSWERS;
  for (const name in entry) if (!Object.hasOwn(fields, name)) return `${name}: not a field of an entry`;
  return undefined;
};

/**
 * @param {unknown} entry
 * @returns {entry is LogEntry}
 */
const isEntry = (entry) => !entryProblem(entry);
/**
 * @param {LogEntry} entry
 * @returns {entry is Note}
 */
const isNote = (entry) => "note" in entry;
/**
 * @param {LogEntry} entry
 * @returns {entry is Entry}
 */
const isAnswer = (entry) => !isNote(entry);

/** A browser's letters and the number in an entry's id. @param {string} id */
const parseId = (id) => {
  const [browser, number] = id.split("-");
  return { browser, number: Number(number) };
};
/** @type {(a: LogEntry, b: LogEntry) => number} */
const byTime = (a, b) => a.time - b.time || (a.id < b.id ? -1 : 1);
/** @param {LogEntry} entry */
const canonicalText = (entry) => {
  /** @type {Record<string, unknown>} */
  const fields = { ...entry };
  return JSON.stringify(FIELD_NAMES.map((name) => fields[name] ?? null));
};
/** @type {(cleared: Cleared) => (entry: LogEntry) => boolean} */
const isCleared = (cleared) => ({ id }) => {
  const { browser, number } = parseId(id);
  return number <= (cleared[browser] ?? 0);
};

/**
 * Two logs as one: the same whichever comes first, and as often as wanted.
 *
 * @param {LogContent} one
 * @param {LogContent} other
 * @returns {LogContent}
 */
export const merge = (one, other) => {
  const cleared = { ...one.cleared };
  for (const [browser, number] of Object.entries(other.cleared)) {
    cleared[browser] = Math.max(number, cleared[browser] ?? 0);
  }
  /** @type {Map<string, LogEntry>} */
  const held = new Map();
  for (const entry of [...one.entries, ...other.entries]) {
    const known = held.get(entry.id);
    // of changed copies the same one wins everywhere
    if (!known || canonicalText(entry) < canonicalText(known)) held.set(entry.id, entry);
  }
  const dropped = isCleared(cleared);
  const order = Object.keys(cleared).sort();
  return {
    entries: [...held.values()].filter((entry) => !dropped(entry)).sort(byTime),
    cleared: Object.fromEntries(order.map((browser) => [browser, cleared[browser]])),
  };
};

/**
 * The notes that count, by name: of each the latest, without those that were forgotten.
 *
 * @param {LogEntry[]} entries in the order of time
 * @returns {Map<string, NoteValue>}
 */
const latestNotes = (entries) => {
  /** @type {Map<string, NoteValue>} */
  const found = new Map();
  for (const { note, value } of entries.filter(isNote)) {
    if (value === null) found.delete(note);
    else found.set(note, value);
  }
  return found;
};

/**
 * @param {unknown} value
 * @returns {value is Cleared}
 */
const isClearedRecord = (value) => isRecord(value)
  && Object.entries(value)
    .every(([browser, number]) => ID.test(`${browser}-0`) && isWholeNumber(number, 0, 999_999_999));
/** @param {number} number */
const formatCount = (number) => number.toLocaleString("en-US");

/**
 * The log that a file holds. Throws an Error that says what is wrong with the file.
 *
 * @param {string} content
 * @returns {LogContent}
 */
export const parse = (content) => {
  if (content.length > LIMITS.file) {
    const [given, limit] = [content.length, LIMITS.file].map(formatCount);
    throw new Error(`The file has ${given} characters; at most ${limit} are read.`);
  }
  let file;
  try {
    file = JSON.parse(content);
  } catch {
    throw new Error("The file is not JSON. Choose one that was saved on this page.");
  }
  if (file?.format !== FORMAT.format) {
    throw new Error("The file is no saved progress. Choose one that was saved on this page.");
  }
  if (file.version !== 1 && file.version !== FORMAT.version) {
    const given = JSON.stringify(file.version);
    throw new Error(`The file has version ${given}; this page reads versions 1 and ${FORMAT.version}.`);
  }
  const { entries, cleared = {} } = file;
  if (!Array.isArray(entries) || entries.length > LIMITS.entries) {
    throw new Error(`The file needs a list of at most ${formatCount(LIMITS.entries)} entries.`);
  }
  if (!isClearedRecord(cleared)) throw new Error("The file's field “cleared” cannot be read.");
  entries.forEach((entry, i) => {
    const problem = entryProblem(entry);
    if (problem) throw new Error(`Entry ${i + 1} of the file: ${problem}.`);
  });
  return { entries, cleared };
};

const newBrowser = () => {
  // randomUUID is missing where a page comes by plain http
  const random = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(random, (byte) => "0123456789abcdefghijklmnopqrstuvwxyz"[byte % 36]).join("");
};

/**
 * @template Result
 * @param {IDBRequest<Result>} request
 * @returns {Promise<Result>}
 */
const requestResult = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
const transactionEnd = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("the store gave up"));
});

/**
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
const openDatabase = (name) => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("the store does not answer")), OPEN_TIMEOUT);
  const request = indexedDB.open(name, STORE_VERSION);
  request.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) {
      request.result.createObjectStore("log", { keyPath: "id" }).createIndex("item", "item");
      request.result.createObjectStore("about");
    }
    if (request.result.objectStoreNames.contains("log")) {
      request.transaction?.objectStore("log").createIndex("note", "note");
    }
  };
  request.onsuccess = () => {
    const database = request.result;
    database.onversionchange = () => database.close(); // another tab brings a newer version of the store
    if (["log", "about"].every((store) => database.objectStoreNames.contains(store))) resolve(database);
    else reject(new Error("the store has another form"));
  };
  request.onerror = () => reject(request.error);
  request.onblocked = () => reject(new Error("another tab holds the store"));
});

/**
 * `work(localStorage)`, or undefined where the browser has none: it answers at once, as a page needs that is left.
 *
 * @template Result
 * @param {(drafts: Storage) => Result} work
 * @returns {Result | undefined}
 */
const localDrafts = (work) => {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
};

const STORAGE_REFUSED = "Your answers cannot be kept in this browser";

/** The log kept under `name`. It always answers: where the browser refuses to store, it works in memory and says so. */
export class Log {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    this.problem = ""; // what the reader should know, in words
    /**
     * What could not be stored.
     *
     * @type {LogContent & { browser: string, number: number, about: Record<string, unknown> }}
     */
    this.memory = { browser: newBrowser(), number: 0, entries: [], cleared: {}, about: {} };
    /** @type {Promise<void> | undefined} */
    this.drafts = undefined; // kept once, before the first reading
    /** @type {Set<() => unknown>} */
    this.listeners = new Set();
    try {
      this.channel = new BroadcastChannel(name);
      this.channel.onmessage = () => this.listeners.forEach((listener) => listener());
    } catch {} // another tab's answers then show after a reload
    this.database = (async () => openDatabase(name))().catch((error) => this.fallBackToMemory(error));
  }

  /** @param {unknown} error */
  fallBackToMemory(error) {
    const known = error instanceof Error || error instanceof DOMException ? error.message || error.name : "";
    const until = "They count until you leave this page: save them to a file before that.";
    this.problem = `${STORAGE_REFUSED} (${known || "unknown"}). ${until}`;
    return null;
  }

  /**
   * `work(log, about)` in one transaction; undefined, and a problem to show, where that fails.
   *
   * @template Result
   * @param {IDBTransactionMode} mode
   * @param {(log: IDBObjectStore, about: IDBObjectStore) => Result | Promise<Result>} work
   */
  async transact(mode, work) {
    const database = await this.database;
    if (!database) return undefined;
    try {
      const transaction = database.transaction(["log", "about"], mode);
      const end = transactionEnd(transaction);
      end.catch(() => {});
      const result = await work(transaction.objectStore("log"), transaction.objectStore("about"));
      await end;
      return { result };
    } catch (error) {
      this.fallBackToMemory(error);
      return undefined;
    }
  }

  notify(message = "changed") {
    this.channel?.postMessage(message);
    this.listeners.forEach((listener) => listener());
  }

  /**
   * Call `listener` when the log changes here or in another tab; returns what stops that.
   *
   * @param {() => unknown} listener
   */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Add an answer (`item`, `rev`, `answer`, `verdict` and what else is known); gives it with its id and time.
   *
   * @param {GivenAnswer & { item: string }} fields
   * @returns {Promise<Entry>}
   */
  async add(fields) {
    /** @type {Omit<Entry, "id">} */
    const entry = { ...fields, time: Date.now() };
    for (const [name, value] of Object.entries(entry)) if (value === undefined) Reflect.deleteProperty(entry, name);
    return this.put(entry);
  }

  /**
   * Keep `value` under `note`, null to forget it. What this browser noted there before is overwritten; what another
   * one noted stays in the log until it is cleared, so that a merge loses nothing.
   *
   * `leaving` says that the page may be gone before the store answers: then a draft is left that the next page keeps.
   *
   * @param {string} note
   * @param {NoteValue | null} value
   * @param {boolean} [leaving]
   */
  async note(note, value, leaving = false) {
    const problem = isNoteValue(value) ? "" : OF_NOTES.value[1];
    if (problem) throw new Error(`${note}: expected ${problem}`);
    const key = `${this.name} draft ${note}`;
    if (leaving) localDrafts((drafts) => drafts.setItem(key, JSON.stringify(value)));
    const kept = await this.put({ note, value, time: Date.now() });
    if (leaving) localDrafts((drafts) => drafts.removeItem(key));
    return kept;
  }

  /** Keep what a page that was left could not. */
  async keepDrafts() {
    const prefix = `${this.name} draft `;
    const left = localDrafts((drafts) => Object.keys(drafts).filter((key) => key.startsWith(prefix))) ?? [];
    for (const key of left) {
      const text = localDrafts((drafts) => {
        const found = drafts.getItem(key);
        drafts.removeItem(key); // whoever takes it out keeps it: two tabs do not keep it twice
        return found;
      });
      try {
        const value = JSON.parse(text ?? "");
        if (isName(key.slice(prefix.length)) && isNoteValue(value)) {
          await this.put({ note: key.slice(prefix.length), value, time: Date.now() });
        }
      } catch {} // no draft of ours
    }
  }

  /**
   * @template {Omit<Entry, "id"> | Omit<Note, "id">} Fields
   * @param {Fields} fields
   * @returns {Promise<Fields & { id: string }>}
   */
  async put(fields) {
    const stored = await this.transact("readwrite", async (log, about) => {
      const before = await requestResult(about.get("browser"));
      const browser = ID.test(`${before}-0`) ? before : newBrowser();
      const number = ((await requestResult(about.get("number"))) ?? 0) + 1;
      const full = { id: `${browser}-${number}`, ...fields };
      const earlier = "note" in full ? await requestResult(log.index("note").getAllKeys(full.note)) : [];
      for (const id of earlier) if (parseId(String(id)).browser === browser) log.delete(id);
      about.put(browser, "browser");
      about.put(number, "number");
      log.put(full);
      return full;
    });
    const full = stored?.result ?? { id: `${this.memory.browser}-${(this.memory.number += 1)}`, ...fields };
    if (!stored) {
      const { memory } = this;
      const isEarlier = (/** @type {LogEntry} */ one) =>
        isNote(one) && "note" in full && one.note === full.note && parseId(one.id).browser === memory.browser;
      memory.entries = [...memory.entries.filter((one) => !isEarlier(one)), full];
    }
    this.notify();
    return full;
  }

  /** The answers in the order of time and the notes that count. */
  async read() {
    const { entries, cleared } = await this.content();
    return { entries: entries.filter(isAnswer), notes: latestNotes(entries), cleared };
  }

  /** All that is known, in the order of time; what cannot be read is left out, and `problem` says so. */
  async content() {
    await (this.drafts ??= this.keepDrafts());
    const stored = await this.transact("readonly", async (log, about) => ({
      found: await requestResult(log.getAll()), cleared: (await requestResult(about.get("cleared"))) ?? {},
    }));
    const { found, cleared } = stored?.result ?? { found: [], cleared: {} };
    const entries = found.filter(isEntry);
    const unread = found.length - entries.length;
    if (unread === 1) this.problem = "One stored entry cannot be read and is left out.";
    else if (unread) this.problem = `${unread} stored entries cannot be read and are left out.`;
    return merge({ entries, cleared }, this.memory);
  }

  /**
   * The answers to these items, by item, in the order of time.
   *
   * @param {string[]} items
   */
  async entriesOf(items) {
    const stored = await this.transact("readonly", (log) =>
      Promise.all(items.map((item) => requestResult(log.index("item").getAll(item)))));
    return new Map(items.map((item, i) => {
      const kept = this.memory.entries.filter(isAnswer).filter((entry) => entry.item === item);
      return [item, [...(stored?.result[i] ?? []).filter(isEntry).filter(isAnswer), ...kept].sort(byTime)];
    }));
  }

  /** The whole log as the text of a file. */
  async exportText() {
    const { entries, cleared } = await this.content();
    await this.setSetting("saved", Date.now());
    return JSON.stringify({ ...FORMAT, saved: new Date().toISOString(), cleared, entries }, null, 1);
  }

  /**
   * Turn the log into `change(log)`, in one step; gives it before and after.
   *
   * @param {(log: LogContent) => LogContent} change
   */
  async update(change) {
    const stored = await this.transact("readwrite", async (log, about) => {
      const storedEntries = await requestResult(log.getAll());
      const entries = storedEntries.filter(isEntry);
      const before = merge({ entries, cleared: (await requestResult(about.get("cleared"))) ?? {} }, this.memory);
      const after = change(before);
      const held = new Set(entries);
      const wanted = new Set(after.entries.map(({ id }) => id));
      for (const { id } of storedEntries) if (!wanted.has(id)) log.delete(id);
      for (const entry of after.entries) if (!held.has(entry)) log.put(entry);
      about.put(after.cleared, "cleared");
      return { before, after };
    });
    if (stored) this.memory = { ...this.memory, entries: [], cleared: {} };
    const { before, after } = stored?.result ?? { before: { ...this.memory }, after: change(this.memory) };
    if (!stored) Object.assign(this.memory, after);
    this.notify();
    return { before, after };
  }

  /**
   * Merge the text of a saved file into the log; gives how many entries were new. Throws in words for a bad file.
   *
   * @param {string} content
   */
  async importText(content) {
    const given = parse(content);
    const { before, after } = await this.update((log) => merge(log, given));
    const known = new Set(before.entries.map(({ id }) => id));
    return after.entries.filter(({ id }) => !known.has(id)).length;
  }

  /** Forget every entry, and remember that they are forgotten. */
  async clear() {
    await this.update(({ entries, cleared }) => {
      const upto = { ...cleared };
      for (const { id } of entries) {
        const { browser, number } = parseId(id);
        upto[browser] = Math.max(number, upto[browser] ?? 0);
      }
      return { entries: [], cleared: upto };
    });
  }

  /**
   * Keep a small setting (`undefined` forgets it): not part of the log, never saved to a file.
   *
   * @param {string} name
   * @param {unknown} value
   */
  async setSetting(name, value) {
    const stored = await this.transact("readwrite", (_, about) => {
      if (value === undefined) about.delete(name);
      else about.put(value, name);
    });
    if (!stored) this.memory.about[name] = value;
  }

  /**
   * A setting as it was kept.
   *
   * @param {string} name
   * @returns {Promise<unknown>}
   */
  async getSetting(name) {
    const stored = await this.transact("readonly", (_, about) => requestResult(about.get(name)));
    return stored?.result ?? this.memory.about[name];
  }

  /** Whole days since the oldest entry that no saved file holds, where they are more than five; else undefined. */
  async daysUnsaved(now = Date.now()) {
    const saved = Number((await this.getSetting("saved")) ?? 0);
    const { entries } = await this.content();
    const oldest = entries.find(({ time }) => time > saved);
    const days = oldest ? Math.floor((now - oldest.time) / DAY) : 0;
    return days >= 5 ? days : undefined;
  }
}
