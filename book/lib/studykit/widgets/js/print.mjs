// What is put on the page when printing starts, and taken away afterwards.

import { flattenNodes, h } from "./dom.mjs";

/** @import { Child } from "./types.d.ts" */

/**
 * Print `build()` at the end of the article that holds `el`; gives what ends that.
 *
 * @param {HTMLElement} el
 * @param {string} className
 * @param {() => Child[]} build
 */
export const printWith = (el, className, build) => {
  const page = h("section", { class: className });
  const put = () => {
    page.replaceChildren(...flattenNodes(build()));
    (el.closest("article") ?? el).append(page);
  };
  const drop = () => page.remove();
  addEventListener("beforeprint", put);
  addEventListener("afterprint", drop);
  return () => {
    removeEventListener("beforeprint", put);
    removeEventListener("afterprint", drop);
    drop();
  };
};
