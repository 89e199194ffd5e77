// Plotly figures in the reader's theme. A figure's JSON carries the light palette; a page that defines
// `--c-rrggbb` for a color says what stands there in the present theme.

const HEX = /^#[0-9a-f]{6}$/i;

const themed = (part, style) => {
  if (typeof part === "string") {
    return HEX.test(part) ? style.getPropertyValue(`--c-${part.slice(1).toLowerCase()}`).trim() || part : part;
  }
  if (Array.isArray(part)) return part.map((item) => themed(item, style));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, themed(value, style)]));
  }
  return part;
};

const live = new Map();

const paint = (Plotly, element, figure) => {
  const { data, layout } = themed(figure, getComputedStyle(element));
  const { title, width, height, ...rest } = layout;
  return Plotly.react(element, data, { ...rest, autosize: true }, { displayModeBar: false, responsive: true });
};

/** Draw `figure` (Plotly JSON) in `element`, whose size is kept; it follows the page's theme from then on. */
export const drawPlot = async (Plotly, element, figure) => {
  live.set(element, () => paint(Plotly, element, figure));
  await paint(Plotly, element, figure);
};

/** Remove a drawn figure. */
export const clearPlot = (Plotly, element) => {
  live.delete(element);
  Plotly.purge(element);
};

const repaint = () => live.forEach((again, element) => (element.isConnected ? again() : live.delete(element)));
new MutationObserver(repaint).observe(document.body, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-name"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
