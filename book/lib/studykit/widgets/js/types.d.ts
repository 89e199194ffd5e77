// Shapes that modules share, for `make lint-js` alone: no page loads this file.

/** What was answered, as the log keeps it; `log-entry.schema.json` holds the same in full. */
export interface Entry {
  id: string;
  item: string;
  rev: number;
  /** Milliseconds since 1970. */
  time: number;
  answer: string | string[];
  verdict: Verdict;
  certainty?: number;
  seconds?: number;
  seed?: number;
  scores?: Scores;
  /** What the reader said of a card: 1 forgot, 2 hard, 3 knew it, 4 easy. */
  grade?: number;
  /** The round of a mock interview it was given in. */
  round?: string;
  /** What was measured of how it was spoken, by name, in seconds and shares. */
  delivery?: Record<string, number>;
}
/** What a reader set, wrote or ticked, under a name; the latest counts, and null forgets it. */
export interface Note {
  id: string;
  time: number;
  note: string;
  value: NoteValue | null;
}
export type NoteValue = Record<string, string | string[] | number | boolean>;
export type LogEntry = Entry | Note;
export type Verdict = "right" | "wrong" | "seen";
/** Points by row of a rubric. */
export type Scores = Record<string, number>;
/** The number up to which a browser's entries are forgotten, by browser. */
export type Cleared = Record<string, number>;
export interface LogContent {
  entries: LogEntry[];
  cleared: Cleared;
}
/** What a question hands over when it is answered; the log adds id, item and time. */
export type GivenAnswer = Omit<Entry, "id" | "item" | "time"> & { tries?: number };

/** A question as the list of all knows it. */
export interface IndexItem {
  id: string;
  rev: number;
  bank: string;
  type: Kind;
  stage: string;
  level: string;
  responsibility?: string[];
  learn?: string;
  stem?: string;
  /** Whether it is asked beside the cell of a notebook that answers it. */
  exercise?: boolean;
  /** Items that were merged into this one. */
  replaces?: string[];
  /** Whether the prep article asks it in these words. */
  reported?: boolean;
  /** What an open question is about, and where it is answered. */
  about?: string;
  href?: string;
}
export type Kind = "mcq" | "multi" | "numeric" | "order" | "match" | "cloze" | "open" | "card";
/** How an item stands: a verdict, or why there is none. */
export type ItemStatus = "unseen" | "changed" | Verdict;

export interface Choice {
  id: string;
  text: string;
  correct?: boolean;
  feedback: string;
  missed?: string;
}
export interface Key {
  value: number;
  tolerance: number;
}
interface QuestionText {
  stem: string;
  explain: string;
  hints?: string[];
}
export interface Variant extends QuestionText {
  seed: number;
  answer: Key & { text: string };
  slips: (Key & { feedback: string })[];
  steps: string[];
}
interface Question extends QuestionText {
  id: string;
  rev: number;
  /** Items that were merged into this one. */
  replaces?: string[];
  learn?: string;
  variants?: Variant[];
  seed?: number;
}
export interface Choices extends Question {
  type: "mcq" | "multi";
  /** In the order of print. */
  choices: Choice[];
  /** Whether they are shown in no other. */
  keep_order?: boolean;
}
export interface Units {
  unit: string;
  /** Factor to `unit` by what else may be typed, in small letters. */
  units: Record<string, number>;
}
export interface Numeric extends Question, Variant, Units {
  type: "numeric";
  seed: number;
  digits: number;
}
export interface Step {
  id: string;
  text: string;
  after: string[];
  why?: string;
}
export interface Order extends Question {
  type: "order";
  rows: Step[];
  solution: string[];
}
export interface Match extends Question {
  type: "match";
  pairs: { left: string; right: string; feedback: string }[];
  rights: string[];
}
export interface Cloze extends Question {
  type: "cloze";
  text: string;
  blanks: Record<string, { accept: string[]; feedback: string }>;
}
export interface Open extends Question {
  type: "open";
  plan: { beat: string }[];
  rubric: { id: string; name: string; anchors: Record<string, string> }[];
  probes: { ask: string; listens_for: string }[];
  model?: { text: string; invented?: boolean };
  weak?: { text: string; why: string[] };
  listens_for?: string[];
}
export interface Card extends Question {
  type: "card";
  front: string;
  back: string;
}
/** A question with its key, one version of it chosen. */
export type Task = Choices | Numeric | Order | Match | Cloze | Open | Card;

type Value = string | number | boolean | null | undefined;
type AttributeName =
  | "accept" | "autocomplete" | "checked" | "class" | "colspan" | "enterkeyhint" | "for" | "hidden" | "href" | "id" | "inputmode"
  | "max" | "maxlength" | "min" | "name" | "novalidate" | "role" | "rows" | "scope" | "selected" | "step" | "style"
  | "tabindex" | "type" | "value";
/** Attributes of an element: none where the value is null, undefined or false. */
export type Attributes = { [name in AttributeName | `aria-${string}` | `data-${string}`]?: Value } & {
  [name in keyof HTMLElementEventMap as `on${name}`]?: (event: HTMLElementEventMap[name]) => unknown;
};
/** What goes into an element; nothing where it is null or undefined. */
export type Child = Node | string | number | null | undefined | Child[];

/** What a form reads: an answer, or what to ask for; with `deferred` the answer is kept later. */
export interface FormReading<A> {
  answer?: A;
  prompt?: string;
  deferred?: boolean;
}
/** A kind of question, built for one task. */
export interface AnswerForm<A extends string | string[] = string | string[]> {
  /** What the button says, where it is not Check. */
  label?: string;
  body: Child[];
  read(): FormReading<A>;
  /** Show an earlier answer. */
  showAnswer(answer: A): void;
  /** Whether an answer is right; missing where nothing can be judged. */
  isRight?(answer: A): boolean;
  /** Mark the rows, and explain. */
  feedback(answer: A, entry?: GivenAnswer): Child[];
}
/** Keep an answer; may give nodes to show. */
export type SaveAnswer = (answer: string | string[], verdict: Verdict, more?: Partial<GivenAnswer>) => FeedbackNodes;
/** Nodes to show after an answer, or nothing. */
export type FeedbackNodes = Node | (Node | null | undefined | false)[] | null | undefined | false | void;
/** Where a place of the guide stands, by what `learn` calls it. */
export type Places = Record<string, { href: string; title: string }> | undefined;

export interface QuestionView {
  node: HTMLFormElement;
  item: Task;
  /** Which variant is shown. */
  version(): number;
  showStored(stored: GivenAnswer | undefined): void;
  refresh(): void;
  focus(): void;
}

/** What the page adds to an anywidget model. */
export interface Page {
  /** What a file of the site holds: its reader knows. */
  load(address: string): Promise<unknown>;
  log(): Promise<import("./log.mjs").Log>;
  plotly(): Promise<Plotly>;
  /** The figure that was drawn beforehand. */
  figure: HTMLElement | null;
  /** The widget's name in the address, and the anchor of its section. */
  name: string;
  section?: string;
}
/** The part of anywidget's model that a widget uses, with `page` where no kernel is behind it. */
export interface Model<State> {
  page?: Page;
  get<K extends keyof State>(name: K): State[K];
  set<K extends keyof State>(name: K, value: State[K]): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener?: Listener): void;
  save_changes(): void;
  send(message: { type: string }): void;
}
export type Listener = (message: { type: string }, buffers: DataView<ArrayBuffer>[]) => void;
export interface Host<State> {
  model: Model<State>;
  el: HTMLElement;
}

/** An expression: a number, a symbol's name, or an operation's name with its parts. */
export type Tree = number | string | Tree[];
/** A figure as Plotly's JSON. */
export interface Figure {
  data: object[];
  layout: { title?: { text?: string }; width?: number; height?: number; [name: string]: unknown };
}
export interface Plotly {
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  purge(element: HTMLElement): void;
}

declare global {
  /** Ids that `uniqueId` has given out. */
  var studykitIds: number | undefined;
  /** How long a slow machine's store may take, in milliseconds: set by tests. */
  var studykitPatience: number | undefined;
  var studykitPlotly: Promise<Plotly> | undefined;
  var Plotly: Plotly;
}
