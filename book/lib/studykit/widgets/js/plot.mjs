// Plotly figures in the reader's theme. A figure's JSON carries the light palette; a page that defines
// `--c-rrggbb` for a color says what stands there in the present theme.

/** @import { Figure, Plotly } from "./types.d.ts" */

const HEX = /^#[0-9a-f]{6}$/i;

/**
 * A part of a figure with its colors in the present theme.
 *
 * @template Part
 * @param {Part} part
 * @param {CSSStyleDeclaration} style
 * @returns {Part}
 */
const themed = (part, style) => {
  /** @type {unknown} */
  let found = part;
  if (typeof part === "string" && HEX.test(part)) {
    found = style.getPropertyValue(`--c-${part.slice(1).toLowerCase()}`).trim() || part;
  } else if (Array.isArray(part)) {
    found = part.map((item) => themed(item, style));
  } else if (part && typeof part === "object") {
    found = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, themed(value, style)]));
  }
  return /** @type {Part} */ (found); // of the same shape: only texts change
};

/** @type {Map<HTMLElement, () => unknown>} */
const live = new Map();

/** @type {(Plotly: Plotly, element: HTMLElement, figure: Figure) => Promise<unknown>} */
const paint = (Plotly, element, figure) => {
  const { data, layout } = themed(figure, getComputedStyle(element));
  /** @type {Record<string, unknown>} */
  const kept = { ...layout, autosize: true };
  for (const name of ["title", "width", "height"]) delete kept[name]; // the page has its own
  return Plotly.react(element, data, kept, { displayModeBar: false, responsive: true });
};

/**
 * Draw `figure` (Plotly JSON) in `element`, whose size is kept; it follows the page's theme from then on.
 *
 * @param {Plotly} Plotly
 * @param {HTMLElement} element
 * @param {Figure} figure
 */
export const drawPlot = async (Plotly, element, figure) => {
  live.set(element, () => paint(Plotly, element, figure));
  await paint(Plotly, element, figure);
};

/**
 * Remove a drawn figure.
 *
 * @param {Plotly} Plotly
 * @param {HTMLElement} element
 */
export const clearPlot = (Plotly, element) => {
  live.delete(element);
  Plotly.purge(element);
};

const repaint = () => live.forEach((again, element) => (element.isConnected ? again() : live.delete(element)));
new MutationObserver(repaint).observe(document.body, {
  attributes: true, attributeFilter: ["data-theme", "data-jp-theme-name"],
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
