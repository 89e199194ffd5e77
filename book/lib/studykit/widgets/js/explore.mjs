// Controls over a function's result. With a kernel the function is called; on the page its results over the
// whole grid of control values were computed when the notebook ran, and load when a control is first moved.

import { copyLinkButton, readUrlState, writeUrlState } from "./url_state.mjs";
import { clearPlot, drawPlot } from "./plot.mjs";
import { h, liveRegion, uniqueId } from "./dom.mjs";

/** @import { Figure, Host, Model, Plotly } from "./types.d.ts" */
/** @typedef {{ name: string, label: string, type: "checkbox" | "select" | "slider", options: string[] }} Control */
/** @typedef {{ type: "table", columns: string[], rows: string[][], numeric: boolean[], caption: string }} Table */
/** @typedef {{ type: "text", text: string } | Table | { type: "figure", figure: Figure }} Result */
/** @typedef {Record<string, number>} Values the place of each control among its options */
/**
 * @typedef {object} State
 * @property {string} title
 * @property {Control[]} controls
 * @property {Values} values
 * @property {Result} result
 * @property {string} grid where the results for all values are
 */

/** @param {Table} result */
const table = ({ columns, rows, numeric, caption }) =>
  h("div", {}, caption ? h("p", { class: "sk-caption" }, caption) : null, h("div", { class: "sk-table" },
    h("table", { "aria-label": caption || false },
      h("thead", {}, h("tr", {}, columns.map((name, i) => h("th", { scope: "col", class: numeric[i] && "n" }, name)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) =>
        h(i ? "td" : "th", { scope: i ? null : "row", class: numeric[i] && "n" }, cell))))))));

/**
 * A control's node, and `put`, which shows another value.
 *
 * @param {Control} spec
 * @param {number} index
 * @param {(name: string, index: number) => void} change
 * @returns {{ node: HTMLElement, put: (index: number) => void }}
 */
const control = ({ name, label, type, options }, index, change) => {
  const id = uniqueId(name);
  if (type === "checkbox") {
    /** @type {HTMLInputElement} */
    const box = h("input", { type, id, checked: index === 1, onchange: () => change(name, box.checked ? 1 : 0) });
    const node = h("label", { class: "sk-control sk-check", for: id }, box, " ", label);
    return { node, put: (i) => (box.checked = i === 1) };
  }
  if (type === "select") {
    /** @type {HTMLSelectElement} */
    const list = h("select", { id, onchange: () => change(name, list.selectedIndex) },
      options.map((text, i) => h("option", { selected: i === index }, text)));
    const node = h("div", { class: "sk-control" }, h("label", { for: id }, label), list);
    return { node, put: (i) => (list.selectedIndex = i) };
  }
  const shown = h("output", { for: id }, options[index]);
  /** @param {number} i */
  const put = (i) => {
    slider.value = String(i);
    slider.setAttribute("aria-valuetext", options[i]);
    shown.textContent = options[i];
  };
  const slider = h("input", {
    type: "range", id, min: 0, max: options.length - 1, step: 1, value: index, "aria-valuetext": options[index],
    oninput: () => { put(+slider.value); change(name, +slider.value); },
  });
  return { node: h("div", { class: "sk-control" }, h("label", { for: id }, label, ": ", shown), slider), put };
};

/**
 * The chart library: from the page, or from the kernel's side of the widget.
 *
 * @param {Model<State>} model
 * @returns {Promise<Plotly>}
 */
const plotly = (model) => {
  if (model.page) return model.page.plotly();
  return (globalThis.studykitPlotly ??= new Promise((resolve) => {
    /** @type {import("./types.d.ts").Listener} */
    const receive = (message, buffers) => {
      if (message.type !== "plotly") return;
      model.off("msg:custom", receive);
      const script = document.createElement("script");
      script.src = URL.createObjectURL(new Blob([buffers[0]], { type: "text/javascript" }));
      script.onload = () => resolve(globalThis.Plotly);
      document.head.append(script);
    };
    model.on("msg:custom", receive);
    model.send({ type: "plotly" });
  }));
};

/**
 * Where results are shown: `put` shows one and gives what to say of it, `clear` removes a drawn figure.
 *
 * @param {Model<State>} model
 */
const resultView = (model) => {
  const place = h("div", { class: "sk-result" });
  const first = model.page?.figure; // drawn beforehand: shown until a control is moved
  const title = h("p", { class: "sk-title" });
  /** @type {HTMLElement | undefined} */
  let drawing;

  /** @param {Result} result */
  const put = async (result) => {
    if (result.type === "figure") {
      const Plotly = await plotly(model);
      if (!drawing) {
        const height = first?.querySelector(".sk-plot")?.clientHeight || 380;
        drawing = h("div", { class: "sk-canvas", style: `height: ${height}px` });
        place.replaceChildren(title, drawing);
      }
      title.textContent = (result.figure.layout.title?.text ?? "").replaceAll("<br>", " ");
      await drawPlot(Plotly, drawing, result.figure);
      return title.textContent;
    }
    const node = result.type === "table" ? table(result) : h("p", { class: "sk-number" }, result.text);
    place.replaceChildren(node);
    requestAnimationFrame(() => { // once it is on the page: what scrolls sideways can be reached by keys
      /** @type {HTMLElement | null} */
      const box = node.querySelector(".sk-table");
      if (box && box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    });
    return result.type === "table" ? result.caption : result.text;
  };
  const clear = () => {
    if (drawing && globalThis.Plotly) clearPlot(globalThis.Plotly, drawing);
  };
  if (first) place.append(first);
  else put(model.get("result"));
  return { place, put, clear };
};

/**
 * The result for some values: computed by the kernel, or before.
 *
 * @type {(model: Model<State>, key: string) => Promise<Result>}
 */
const resultFor = async (model, key) => {
  if (!model.page) return model.get("result");
  return /** @type {Record<string, Result>} */ (await model.page.load(model.get("grid")))[key];
};

/** What a control's value is called in an address. @type {(spec: Control, index: number) => string} */
const optionText = ({ type, options }, index) => (type === "checkbox" ? ["no", "yes"][index] : options[index]);

/** @param {Host<State>} host */
const render = ({ model, el }) => {
  const controls = model.get("controls");
  const start = { ...model.get("values") };
  const statusLine = liveRegion();
  const { place, put, clear } = resultView(model);

  let latest = 0;
  const show = async () => {
    const turn = ++latest;
    const values = model.get("values");
    try {
      const key = controls.map(({ name }) => values[name]).join(",");
      const result = await resultFor(model, key);
      if (turn !== latest) return;
      const text = await put(result);
      if (turn === latest) statusLine.textContent = text;
    } catch (error) {
      console.error(error);
      statusLine.textContent = "The result did not load. Move the control again to retry.";
    }
  };

  const link = model.page && copyLinkButton(statusLine);
  const syncUrl = () => {
    if (!model.page) return;
    const values = model.get("values");
    const moved = controls.some(({ name }) => values[name] !== start[name]);
    const options = controls.map((spec) => [spec.name, optionText(spec, values[spec.name])]);
    writeUrlState(model.page, moved ? Object.fromEntries(options) : null);
    if (link) link.hidden = !moved;
  };
  /** @param {Values} values */
  const setValues = (values) => {
    model.set("values", values);
    model.save_changes();
    syncUrl();
    if (model.page) show();
  };
  /** @type {(name: string, index: number) => void} */
  const change = (name, index) => setValues({ ...model.get("values"), [name]: index });
  const parts = controls.map((spec) => ({ name: spec.name, ...control(spec, start[spec.name], change) }));
  const reset = h("button", { type: "button", class: "sk-plain", onclick: () => {
    parts.forEach(({ name, put: back }) => back(start[name]));
    setValues({ ...start });
  } }, "Reset");

  el.append(h("div", { class: "sk sk-explorer" },
    h("fieldset", {}, h("legend", {}, model.get("title")),
      h("div", { class: "sk-controls" }, parts.map(({ node }) => node), reset, link)),
    place, statusLine));
  if (!model.page) model.on("change:result", show);
  const fromUrl = model.page ? readUrlState(model.page.name) : {};
  const wanted = controls.map((spec) => {
    const at = [...spec.options.keys()].findIndex((i) => optionText(spec, i) === fromUrl[spec.name]);
    return { name: spec.name, at };
  });
  if (wanted.some(({ at }) => at >= 0)) { // a setting that somebody sent
    model.set("values", Object.fromEntries(wanted.map(({ name, at }) => [name, at < 0 ? start[name] : at])));
    parts.forEach(({ name, put: set }) => set(model.get("values")[name]));
    if (link) link.hidden = false;
    show();
  }
  return () => {
    model.off("change:result", show);
    clear();
  };
};

export default { render };
