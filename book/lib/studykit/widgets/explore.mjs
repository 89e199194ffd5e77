// Controls over a function's result. With a kernel the function is called; on the page its results over the
// whole grid of control values were computed when the notebook ran, and load when a control is first moved.

import { copyLink, readSetting, writeSetting } from "./address.mjs";
import { clearPlot, drawPlot } from "./plot.mjs";
import { h, status, uid } from "./dom.mjs";

const table = ({ columns, rows, numeric, caption }) =>
  h("div", {}, caption ? h("p", { class: "sk-caption" }, caption) : null, h("div", { class: "sk-table" },
    h("table", { "aria-label": caption || false },
      h("thead", {}, h("tr", {}, columns.map((name, i) => h("th", { scope: "col", class: numeric[i] && "n" }, name)))),
      h("tbody", {}, rows.map((row) =>
        h("tr", {}, row.map((cell, i) => h(i ? "td" : "th", { scope: i ? null : "row", class: numeric[i] && "n" }, cell))))))));

const control = ({ name, label, type, options }, index, change) => {
  const id = uid(name);
  if (type === "checkbox") {
    const box = h("input", { type, id, checked: index === 1, onchange: () => change(name, box.checked ? 1 : 0) });
    return { node: h("label", { class: "sk-control sk-check", for: id }, box, " ", label), put: (i) => (box.checked = i === 1) };
  }
  if (type === "select") {
    const list = h("select", { id, onchange: () => change(name, list.selectedIndex) },
      options.map((text, i) => h("option", { selected: i === index }, text)));
    return { node: h("div", { class: "sk-control" }, h("label", { for: id }, label), list), put: (i) => (list.selectedIndex = i) };
  }
  const shown = h("output", { for: id }, options[index]);
  const put = (i) => {
    slider.value = i;
    slider.setAttribute("aria-valuetext", options[i]);
    shown.textContent = options[i];
  };
  const slider = h("input", {
    type: "range", id, min: 0, max: options.length - 1, step: 1, value: index, "aria-valuetext": options[index],
    oninput: () => { put(+slider.value); change(name, +slider.value); },
  });
  return { node: h("div", { class: "sk-control" }, h("label", { for: id }, label, ": ", shown), slider), put };
};

/** The chart library: from the page, or from the kernel's side of the widget. */
const plotly = (model) => {
  if (model.page) return model.page.plotly();
  return (globalThis.studykitPlotly ??= new Promise((resolve) => {
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

const render = ({ model, el }) => {
  const controls = model.get("controls");
  const start = { ...model.get("values") };
  const said = status();
  const place = h("div", { class: "sk-result" });
  const first = model.page?.figure; // drawn beforehand: shown until a control is moved
  let drawing;

  const put = async (result) => {
    if (result.type === "figure") {
      const Plotly = await plotly(model);
      if (!drawing) {
        const height = first?.querySelector(".sk-plot").clientHeight || 380;
        drawing = h("div", { class: "sk-canvas", style: `height: ${height}px` });
        place.replaceChildren(h("p", { class: "sk-title" }), drawing);
      }
      const title = (result.figure.layout.title?.text ?? "").replaceAll("<br>", " ");
      place.firstChild.textContent = title;
      await drawPlot(Plotly, drawing, result.figure);
      return title;
    }
    const node = result.type === "table" ? table(result) : h("p", { class: "sk-number" }, result.text);
    place.replaceChildren(node);
    requestAnimationFrame(() => { // once it is on the page: what scrolls sideways can be reached by keys
      const box = node.querySelector(".sk-table");
      if (box && box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    });
    return result.type === "table" ? result.caption : result.text;
  };

  let latest = 0;
  const show = async () => {
    const turn = ++latest;
    const values = model.get("values");
    try {
      const key = controls.map(({ name }) => values[name]).join(",");
      const result = model.page ? (await model.page.load(model.get("grid")))[key] : model.get("result");
      if (turn !== latest) return;
      const text = await put(result);
      if (turn === latest) said.textContent = text;
    } catch (error) {
      console.error(error);
      said.textContent = "The result did not load. Move the control again to retry.";
    }
  };

  const option = ({ type, options }, i) => (type === "checkbox" ? ["no", "yes"][i] : options[i]);
  const link = model.page && copyLink(said);
  const share = () => {
    if (!model.page) return;
    const values = model.get("values");
    const moved = controls.some(({ name }) => values[name] !== start[name]);
    writeSetting(model.page, moved ? Object.fromEntries(controls.map((spec) => [spec.name, option(spec, values[spec.name])])) : null);
    if (link) link.hidden = !moved;
  };
  const change = (name, index) => {
    model.set("values", { ...model.get("values"), [name]: index });
    model.save_changes();
    share();
    if (model.page) show();
  };
  const parts = controls.map((spec) => ({ name: spec.name, ...control(spec, start[spec.name], change) }));
  const reset = h("button", { type: "button", class: "sk-plain", onclick: () => {
    parts.forEach(({ name, put: back }) => back(start[name]));
    model.set("values", { ...start });
    model.save_changes();
    share();
    if (model.page) show();
  } }, "Reset");

  if (first) place.append(first);
  else put(model.get("result"));
  el.append(h("div", { class: "sk sk-explorer" },
    h("fieldset", {}, h("legend", {}, model.get("title")), h("div", { class: "sk-controls" }, parts.map(({ node }) => node), reset, link)),
    place, said));
  if (!model.page) model.on("change:result", show);
  const sent = model.page ? readSetting(model.page.name) : {};
  const wanted = controls.map((spec) => [spec.name, [...spec.options.keys()].findIndex((i) => option(spec, i) === sent[spec.name])]);
  if (wanted.some(([, i]) => i >= 0)) { // a setting that somebody sent
    model.set("values", Object.fromEntries(wanted.map(([name, i]) => [name, i < 0 ? start[name] : i])));
    parts.forEach(({ name, put: set }) => set(model.get("values")[name]));
    if (link) link.hidden = false;
    show();
  }
  return () => {
    model.off("change:result", show);
    if (drawing && globalThis.Plotly) clearPlot(globalThis.Plotly, drawing);
  };
};

export default { render };
