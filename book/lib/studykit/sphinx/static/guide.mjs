// The page's runtime: mounts widgets without a kernel, makes a figure interactive when the reader touches it,
// and lets wide tables scroll by keyboard. Everything comes from this site.

const root = new URL(document.documentElement.dataset.content_root, location.href);

/** Parsed JSON at an address below the site's root; fetched once. */
const fetched = new Map();
const load = (address) => {
  if (!fetched.has(address)) {
    const answer = fetch(new URL(address, root)).then((response) => {
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      return response.json();
    });
    answer.catch(() => fetched.delete(address)); // a reader who is back online may try again
    fetched.set(address, answer);
  }
  return fetched.get(address);
};

/** The one Plotly bundle, fetched when a figure is first touched. */
let bundle;
const plotly = () =>
  (bundle ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("plotly-cartesian-4.1.1.min.js", import.meta.url);
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      bundle = undefined;
      script.remove();
      reject(new Error("the chart library did not load"));
    };
    document.head.append(script);
  }));

/** The reader's log, kept in this browser under this site's own name; opened once. */
let opened;
const log = () => (opened ??= import("./log.mjs").then(({ Log }) => new Log(`studykit ${root.pathname}`)));

/** The part of the anywidget model that a widget uses, without a kernel behind it. */
class PageModel {
  constructor(state, figure, place) {
    this.state = state;
    this.listeners = new Map();
    this.page = { load, log, plotly, figure, ...place };
  }
  get(name) {
    return this.state[name];
  }
  set(name, value) {
    this.state[name] = value;
    for (const event of [`change:${name}`, "change"]) this.listeners.get(event)?.forEach((listener) => listener());
  }
  on(event, listener) {
    this.listeners.set(event, (this.listeners.get(event) ?? new Set()).add(listener));
  }
  off(event, listener) {
    if (listener) this.listeners.get(event)?.delete(listener);
    else this.listeners.delete(event);
  }
  save_changes() {}
  send() {}
}

const mounted = new Set();
const mount = async (holder) => {
  if (mounted.has(holder)) return;
  mounted.add(holder);
  near.unobserve(holder);
  const { kind } = holder.dataset;
  const { from, ...state } = JSON.parse(holder.querySelector("script").textContent);
  const el = document.createElement("div");
  if (kind === "practice") log(); // the store opens while the module is read
  try {
    // a large state stands in a file, so that the page can show before it has come
    const [widget, rest] = await Promise.all([import(`./${kind}.mjs`), from && load(from)]);
    const model = new PageModel({ ...state, ...rest }, holder.querySelector(".sk-figure"), places.get(holder));
    await widget.default.render({ model, el });
    holder.replaceChildren(el);
    holder.dataset.ready = "";
  } catch (error) {
    console.error(`${kind} could not start`, error);
    holder.querySelector(".sk-fallback")?.append(" This part did not start; please reload the page.");
  }
};

const animate = async (figure) => {
  const still = figure.querySelector(".sk-plot");
  const button = figure.querySelector(".sk-explore");
  if (figure.dataset.live !== undefined) return;
  figure.dataset.live = "";
  const canvas = document.createElement("div");
  canvas.className = "sk-canvas";
  canvas.style.height = `${still.clientHeight}px`;
  button.disabled = true;
  try {
    const [Plotly, json, { clearPlot, drawPlot }] = await Promise.all([plotly(), load(figure.dataset.figure), import("./plot.mjs")]);
    still.hidden = true;
    still.after(canvas);
    await drawPlot(Plotly, canvas, json);
    figure.dataset.ready = "";
    button.textContent = "Show the still chart";
    button.onclick = () => {
      clearPlot(Plotly, canvas);
      canvas.remove();
      still.hidden = false;
      delete figure.dataset.live;
      delete figure.dataset.ready;
      button.textContent = "Explore this chart";
      button.onclick = () => animate(figure);
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

for (const figure of document.querySelectorAll(".sk-figure[data-figure]")) {
  const still = figure.querySelector(".sk-plot");
  const button = figure.querySelector(".sk-explore");
  button.onclick = () => animate(figure);
  button.addEventListener("focus", () => plotly().catch(() => {}), { once: true });
  still.addEventListener("click", () => animate(figure));
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) mount(target);
    }
  },
  { rootMargin: "600px" },
);
const holders = [...document.querySelectorAll(".sk-widget")];
/** What a setting is called in the address: the anchor of the section that a widget stands in, and its turn there. */
const places = new Map(holders.map((holder) => {
  const around = holder.closest("section[id]");
  const turn = holders.filter((other) => other.closest("section[id]") === around).indexOf(holder);
  const section = around?.querySelector(":scope > span[id]")?.id ?? around?.id; // an anchor outlives its heading's wording
  return [holder, { section, name: `${section ?? "page"}${turn ? `-${turn + 1}` : ""}` }];
}));
for (const holder of holders) {
  if (holder.dataset.kind === "practice") mount(holder); // what the page is for waits for no scroll
  else near.observe(holder);
}
// printing cannot wait: by then the questions must stand
addEventListener("load", () => setTimeout(() => holders.filter(({ dataset }) => dataset.kind === "quiz").forEach(mount), 4000));

const lists = [...document.querySelectorAll(".sk-cards")];
if (lists.length) import("./cards.mjs").then(({ find }) => find(lists));

const tasks = [...document.querySelectorAll(".checklist > ul")];
if (tasks.length) import("./checklist.mjs").then(({ check }) => check(tasks));

// What marks searched words and knows shortcuts comes last
addEventListener("load", () => {
  for (const { dataset } of document.querySelectorAll('script[type="text/late"]')) {
    const script = document.createElement("script");
    script.async = false; // in their order
    script.src = dataset.src;
    document.head.append(script);
  }
});

// What scrolls sideways can be reached and scrolled with the keyboard
const scrollable = () => {
  for (const box of document.querySelectorAll(".table-wrapper, .sk-table, .sk-math, .highlight pre, div.math")) {
    const wide = box.scrollWidth > box.clientWidth;
    if (!wide) box.removeAttribute("tabindex");
    else if (!box.hasAttribute("tabindex")) box.tabIndex = 0;
  }
};
new ResizeObserver(scrollable).observe(document.body);
const drawn = new MutationObserver(scrollable); // a table that a widget puts there, or changes
document.querySelectorAll(".sk-widget").forEach((holder) => drawn.observe(holder, { childList: true, subtree: true }));
document.addEventListener("toggle", scrollable, true);
