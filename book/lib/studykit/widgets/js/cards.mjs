// Filter and search over the cards of a page. The cards read without it; nothing here needs a kernel.

import { h, liveRegion, uniqueId } from "./dom.mjs";

/** @typedef {{ card: HTMLElement, group: string, text: string }} Entry */

/** @param {string} text */
const searchTerms = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** What a search looks through: everything on the card but its code. @param {HTMLElement} card */
const searchText = (card) =>
  [...card.querySelectorAll("h3, p, dl, li")].map((part) => part.textContent).join(" ").toLowerCase();

/** The section of a list, or the list where it has none. @param {HTMLElement} list */
const sectionOf = (list) => list.closest("section") ?? list;

/** The cards of a list. @type {(list: HTMLElement) => Entry[]} */
const cardEntries = (list) => {
  /** @type {NodeListOf<HTMLElement>} */
  const found = list.querySelectorAll(".sk-card");
  return [...found].map((card) => ({ card, group: list.dataset.group ?? "", text: searchText(card) }));
};

/**
 * Put a finder before the first of `lists` (each with `data-group`) and let it show and hide their cards.
 *
 * @param {HTMLElement[]} lists
 */
export const mountFinder = (lists) => {
  const entries = lists.flatMap(cardEntries);
  const groups = [...new Set(entries.map(({ group }) => group))];
  const [search, choice] = [uniqueId("search"), uniqueId("group")];
  const statusLine = liveRegion();
  const field = h("input", {
    type: "search", id: search, autocomplete: "off", enterkeyhint: "search", oninput: () => applySoon(),
  });
  const select = h(
    "select",
    { id: choice, onchange: () => apply() },
    h("option", { value: "" }, "All"),
    groups.map((group) => h("option", { value: group }, group[0].toUpperCase() + group.slice(1))),
  );
  const apply = () => {
    const terms = searchTerms(field.value);
    let count = 0;
    for (const entry of entries) {
      const fits = (!select.value || entry.group === select.value) && terms.every((word) => entry.text.includes(word));
      entry.card.hidden = !fits;
      count += Number(fits);
    }
    for (const list of lists) {
      const empty = !list.querySelector(".sk-card:not([hidden])");
      sectionOf(list).hidden = empty;
    }
    const all = !field.value.trim() && !select.value;
    const some = count ? `${count} of ${entries.length} shown.` : "None fits. Try fewer letters, or all groups.";
    statusLine.textContent = all ? `All ${entries.length} shown.` : some;
  };
  /** @type {number | undefined} */
  let timer; // a screen reader hears the count when the reader stops typing, not at each letter
  const applySoon = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 200);
  };
  /** @param {Event} event */
  const onsubmit = (event) => {
    event.preventDefault();
    clearTimeout(timer);
    apply();
  };
  const finder = h(
    "form",
    { class: "sk sk-finder", role: "search", onsubmit },
    h("div", { class: "sk-control" }, h("label", { for: search }, "Search"), field),
    h("div", { class: "sk-control" }, h("label", { for: choice }, "Group"), select),
    statusLine,
  );
  sectionOf(lists[0]).before(finder);
  const openLinkedCard = () => {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!card?.classList.contains("sk-card")) return;
    field.value = "";
    select.value = "";
    apply();
    card.querySelector("details")?.setAttribute("open", "");
    card.scrollIntoView();
  };
  addEventListener("hashchange", openLinkedCard);
  openLinkedCard();
};
