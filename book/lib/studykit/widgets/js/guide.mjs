// The page's runtime: mounts widgets without a kernel, makes a figure interactive when the reader touches it,
// and lets wide tables scroll by keyboard. Everything comes from this site.

/** @import { Figure, Listener, Page, Plotly } from "./types.d.ts" */

const root = new URL(document.documentElement.dataset.content_root ?? "", location.href);

/** @type {Map<string, Promise<unknown>>} */
const jsonByAddress = new Map();
/** Parsed JSON at an address below the site's root; fetched once. @param {string} address */
const load = (address) => {
  let answer = jsonByAddress.get(address);
  if (!answer) {
    answer = fetch(new URL(address, root)).then((response) => {
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      return response.json();
    });
    answer.catch(() => jsonByAddress.delete(address)); // a reader who is back online may try again
    jsonByAddress.set(address, answer);
  }
  return answer;
};

/** @type {Promise<Plotly> | undefined} */
let plotlyBundle;
/** The one Plotly bundle, fetched when a figure is first touched. */
const plotly = () =>
  (plotlyBundle ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly-cartesian-4.1.1.min.js", import.meta.url).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      plotlyBundle = undefined;
      script.remove();
      reject(new Error("the chart library did not load"));
    };
    document.head.append(script);
  }));

/** @type {ReturnType<Page["log"]> | undefined} */
let openedLog;
/** The reader's log, kept in this browser under this site's own name; opened once. */
const log = () => (openedLog ??= import("./log.mjs").then(({ Log }) => new Log(`studykit ${root.pathname}`)));

/** The part of the anywidget model that a widget uses, without a kernel behind it. */
class PageModel {
  /**
   * @param {Record<string, unknown>} state
   * @param {HTMLElement | null} figure
   * @param {{ name: string, section?: string } | undefined} place
   */
  constructor(state, figure, place) {
    this.state = state;
    /** @type {Map<string, Set<Listener>>} */
    this.listeners = new Map();
    this.page = { load, log, plotly, figure, name: "", ...place };
  }
  /** @param {string} name */
  get(name) {
    return this.state[name];
  }
  /** @type {(name: string, value: unknown) => void} */
  set(name, value) {
    this.state[name] = value;
    for (const event of [`change:${name}`, "change"]) {
      this.listeners.get(event)?.forEach((listener) => listener({ type: event }, []));
    }
  }
  /** @type {(event: string, listener: Listener) => void} */
  on(event, listener) {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }
  /** @type {(event: string, listener?: Listener) => void} */
  off(event, listener) {
    if (listener) this.listeners.get(event)?.delete(listener);
    else this.listeners.delete(event);
  }
  save_changes() {}
  send() {}
}

/** @type {Set<HTMLElement>} */
const mounted = new Set();
/** Start the widget that a holder describes. @param {HTMLElement} holder */
const mount = async (holder) => {
  if (mounted.has(holder)) return;
  mounted.add(holder);
  visibility.unobserve(holder);
  const { kind } = holder.dataset;
  const { from, ...state } = JSON.parse(holder.querySelector("script")?.textContent ?? "");
  const el = document.createElement("div");
  if (kind === "practice") log(); // the store opens while the module is read
  try {
    // a large state stands in a file, so that the page can show before it has come
    const [widget, rest] = await Promise.all([import(`./${kind}.mjs`), from && load(from)]);
    const model = new PageModel({ ...state, ...rest }, holder.querySelector(".sk-figure"), places.get(holder));
    await widget.default.render({ model, el });
    // the text around an exercise stays where it is, though its label may take a line less than was kept for it
    if (holder.closest(".tag_exercise")) holder.style.minHeight = `${holder.offsetHeight}px`;
    holder.replaceChildren(el);
    holder.dataset.ready = "";
  } catch (error) {
    console.error(`${kind} could not start`, error);
    holder.querySelector(".sk-fallback")?.append(" This part did not start; please reload the page.");
  }
};

/** @typedef {{ figure: HTMLElement, still: HTMLElement, button: HTMLButtonElement }} Chart */

/** Exchange a still chart for the one that can be explored, until its button is pressed again. @param {Chart} chart */
const makeInteractive = async (chart) => {
  const { figure, still, button } = chart;
  if (figure.dataset.live !== undefined) return;
  figure.dataset.live = "";
  const canvas = document.createElement("div");
  canvas.className = "sk-canvas";
  canvas.style.height = `${still.clientHeight}px`;
  button.disabled = true;
  try {
    const [Plotly, json, { clearPlot, drawPlot }] =
      await Promise.all([plotly(), load(figure.dataset.figure ?? ""), import("./plot.mjs")]);
    still.hidden = true;
    still.after(canvas);
    await drawPlot(Plotly, canvas, /** @type {Figure} */ (json));
    figure.dataset.ready = "";
    button.textContent = "Show the still chart";
    button.onclick = () => {
      clearPlot(Plotly, canvas);
      canvas.remove();
      still.hidden = false;
      delete figure.dataset.live;
      delete figure.dataset.ready;
      button.textContent = "Explore this chart";
      button.onclick = () => makeInteractive(chart);
    };
  } catch (error) {
    console.error(error);
    canvas.remove();
    still.hidden = false;
    delete figure.dataset.live;
    button.textContent = "The chart library did not load. Try again";
  } finally {
    button.disabled = false;
  }
};

/** All elements that fit. @type {(selector: string) => HTMLElement[]} */
const all = (selector) => [...document.querySelectorAll(/** @type {"div"} */ (selector))];

for (const figure of all(".sk-figure[data-figure]")) {
  /** @type {HTMLElement | null} */
  const still = figure.querySelector(".sk-plot");
  /** @type {HTMLButtonElement | null} */
  const button = figure.querySelector(".sk-explore");
  if (!still || !button) continue;
  const chart = { figure, still, button };
  button.onclick = () => makeInteractive(chart);
  button.addEventListener("focus", () => plotly().catch(() => {}), { once: true });
  still.addEventListener("click", () => makeInteractive(chart));
}

const visibility = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting && target instanceof HTMLElement) mount(target);
    }
  },
  { rootMargin: "600px" },
);
const holders = all(".sk-widget");
/** What a setting is called in the address: the anchor of the section that a widget stands in, and its turn there. */
const places = new Map(holders.map((holder) => {
  const around = holder.closest("section[id]");
  const turn = holders.filter((other) => other.closest("section[id]") === around).indexOf(holder);
  // an anchor outlives its heading's wording
  const section = around?.querySelector(":scope > span[id]")?.id ?? around?.id;
  return [holder, { section, name: `${section ?? "page"}${turn ? `-${turn + 1}` : ""}` }];
}));
for (const holder of holders) {
  if (holder.dataset.kind === "practice") mount(holder); // what the page is for waits for no scroll
  else visibility.observe(holder);
}
/** A moment in which the page has nothing else to do. */
const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
// A widget is taller than what holds its place: all stand before the reader comes to them, so that nothing moves and a
// link finds its section. Quizzes are long and come later, on a phone when they are near; printing waits for no scroll.
addEventListener("load", async () => {
  for (const holder of holders.filter(({ dataset }) => dataset.kind !== "quiz")) {
    await idle();
    await mount(holder);
  }
  if (!matchMedia("(pointer: coarse)").matches) setTimeout(() => holders.forEach(mount), 4000);
});

const lists = all(".sk-cards");
if (lists.length) import("./cards.mjs").then(({ mountFinder }) => mountFinder(lists));

const tasks = [...document.querySelectorAll(".checklist > ul")];
if (tasks.length) {
  Promise.all([import("./checklist.mjs"), log()]).then(([{ mountChecklists }, held]) => mountChecklists(tasks, held));
}

for (const holder of all(".sk-own")) {
  const start = async () => (await import("./own.mjs")).mountOwn(holder, await log());
  holder.closest("details")?.addEventListener("toggle", start, { once: true });
}

if (document.querySelector("pre[data-kinds], .sk-plot, .sk-more")) import("./fold.mjs").then(({ unfold }) => unfold());

// What marks searched words and knows shortcuts comes last
addEventListener("load", () => {
  for (const { dataset } of all('script[type="text/late"]')) {
    const script = document.createElement("script");
    script.async = false; // in their order
    script.src = dataset.src ?? "";
    document.head.append(script);
  }
});

// What scrolls sideways can be reached and scrolled with the keyboard
const scrollable = () => {
  for (const box of all(".table-wrapper, .sk-table, .sk-math, .highlight pre, div.math")) {
    const wide = box.scrollWidth > box.clientWidth;
    if (!wide) box.removeAttribute("tabindex");
    else if (!box.hasAttribute("tabindex")) box.tabIndex = 0;
  }
};
new ResizeObserver(scrollable).observe(document.body);
const tableObserver = new MutationObserver(scrollable); // a table that a widget puts there, or changes
for (const holder of holders) tableObserver.observe(holder, { childList: true, subtree: true });
document.addEventListener("toggle", scrollable, true);
