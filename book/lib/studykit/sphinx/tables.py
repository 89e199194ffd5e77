"""Long tables of notebooks: a page shows their first rows and a button for the others, which wait in a template.

Without a script, and for the printer, the whole table is there: `fold.mjs` puts the rows in before it prints.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

LONG, FIRST = 12, 8  # tables of more rows than that show so many
_TABLE = re.compile(
    r'<div class="sk-table">(?P<head><table\b[^>]*>.*?<tbody>)(?P<rows>.*?)</tbody>\s*</table>\s*</div>', re.DOTALL
)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)


def shortened(html: str) -> str:
    """The HTML with each long table's other rows in a template, and with the whole table for a page without a script.

    >>> rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(14))
    >>> whole = f'<div class="sk-table"><table><tbody>{rows}</tbody></table></div>'
    >>> short, _, script = shortened(whole).partition("<noscript>")
    >>> short.partition("<template>")[0].count("<tr>"), "Show all 14 rows" in short, script == whole + "</noscript>"
    (8, True, True)
    """

    def shorten(found: re.Match[str]) -> str:
        rows = _ROW.findall(found["rows"])
        if len(rows) <= LONG:
            return found[0]
        body = f"{''.join(rows[:FIRST])}<template>{''.join(rows[FIRST:])}</template></tbody></table></div>"
        button = f'<button type="button" class="sk-more">Show all {len(rows)} rows</button>'
        return f'<div class="sk-table sk-short">{found["head"]}{body}{button}<noscript>{found[0]}</noscript>'

    return _TABLE.sub(shorten, html)


def shorten_tables(app: Sphinx, doctree: nodes.document) -> None:
    """Shorten the tables in the HTML of a page's outputs."""
    for raw in doctree.findall(nodes.raw):
        if "sk-table" in raw.astext():
            text = shortened(raw.astext())
            raw.rawsource, raw.children = text, [nodes.Text(text)]


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", shorten_tables)
