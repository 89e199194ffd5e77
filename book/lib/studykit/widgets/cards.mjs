// Filter and search over the cards of a page. The cards read without it; nothing here needs a kernel.

import { h, status, uid } from "./dom.mjs";

const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** What a search looks through: everything on the card but its code. */
const text = (card) =>
  [...card.querySelectorAll("h3, p, dl, li")].map((part) => part.textContent).join(" ").toLowerCase();

/** Put a finder before the first of `lists` (each with `data-group`) and let it show and hide their cards. */
export const find = (lists) => {
  const entries = lists.flatMap((list) =>
    [...list.querySelectorAll(".sk-card")].map((card) => ({ card, group: list.dataset.group, text: text(card) })),
  );
  const groups = [...new Set(entries.map(({ group }) => group))];
  const [search, choice] = [uid("search"), uid("group")];
  const said = status();
  const field = h("input", { type: "search", id: search, autocomplete: "off", enterkeyhint: "search", oninput: () => later() });
  const select = h(
    "select",
    { id: choice, onchange: () => apply() },
    h("option", { value: "" }, "All"),
    groups.map((group) => h("option", { value: group }, group[0].toUpperCase() + group.slice(1))),
  );
  const apply = () => {
    const sought = words(field.value);
    let count = 0;
    for (const entry of entries) {
      const fits = (!select.value || entry.group === select.value) && sought.every((word) => entry.text.includes(word));
      entry.card.hidden = !fits;
      count += fits;
    }
    for (const list of lists) {
      const empty = !list.querySelector(".sk-card:not([hidden])");
      (list.closest("section") ?? list).hidden = empty;
    }
    const all = !field.value.trim() && !select.value;
    said.textContent = all ? `All ${entries.length} shown.` : count ? `${count} of ${entries.length} shown.` : "None fits. Try fewer letters, or all groups.";
  };
  let timer; // a screen reader hears the count when the reader stops typing, not at each letter
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 200);
  };
  const finder = h(
    "form",
    { class: "sk sk-finder", role: "search", onsubmit: (event) => { event.preventDefault(); clearTimeout(timer); apply(); } },
    h("div", { class: "sk-control" }, h("label", { for: search }, "Search"), field),
    h("div", { class: "sk-control" }, h("label", { for: choice }, "Group"), select),
    said,
  );
  (lists[0].closest("section") ?? lists[0]).before(finder);
  const open = () => {
    const card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!card?.classList.contains("sk-card")) return;
    field.value = "";
    select.value = "";
    apply();
    card.querySelector("details")?.setAttribute("open", "");
    card.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
};
