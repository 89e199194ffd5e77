// What a page holds back until it is wanted: the colors of folded code and the other rows of long tables.

/** All elements that fit. @type {(selector: string, inside?: ParentNode) => HTMLElement[]} */
const all = (selector, inside = document) => [...inside.querySelectorAll(/** @type {"div"} */ (selector))];

/** Color code by the length and kind of its parts; not where a searched word is marked. @param {HTMLElement} code */
const color = (code) => {
  if (code.childElementCount) return;
  const text = code.textContent ?? "";
  let at = 0;
  code.replaceChildren(...(code.dataset.kinds ?? "").split(" ").map((part) => {
    const length = parseInt(part);
    const word = text.slice(at, (at += length));
    const kind = part.slice(String(length).length);
    return kind ? Object.assign(document.createElement("span"), { className: kind, textContent: word }) : word;
  }));
};

/** Put the other rows in; gives the first of them. @param {HTMLElement} button */
const lengthen = (button) => {
  /** @type {HTMLTemplateElement | null | undefined} */
  const rest = button.previousElementSibling?.querySelector("template");
  const first = rest?.content.firstElementChild;
  rest?.replaceWith(rest.content);
  button.remove();
  return /** @type {HTMLElement | null | undefined} */ (first);
};

/** What paper must have: every row and every drawing. */
const whole = () => {
  all(".sk-more").forEach(lengthen);
  all(".sk-plot img").forEach((image) => image.removeAttribute("loading"));
};

/** Have code colored when it is opened and rows put in when they are asked for, or when the page is printed. */
export const unfold = () => {
  document.addEventListener("toggle", ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.open) all("pre[data-kinds]", target).forEach(color);
  }, true);
  all("details[open] pre[data-kinds]").forEach(color); // opened before this was read
  for (const button of all(".sk-more")) {
    button.onclick = () => {
      const row = lengthen(button);
      if (!row) return;
      row.tabIndex = -1; // the reader goes on where the button was
      row.focus();
    };
  }
  addEventListener("beforeprint", whole);
  matchMedia("print").addEventListener("change", ({ matches }) => matches && whole());
  if (new URLSearchParams(location.search).has("highlight")) whole(); // a searched word may stand in any row
};
