"""The site: what a Jupyter Book 1 build needs to become a lean page whose widgets live without a kernel.

Loaded by name from ``_config.yml``. One module per concern: `site` (addresses, assets, page furniture),
`outputs` (figures, widgets, values in a notebook's output), `code` (cells that are folded), `tables` (long ones are
shortened), `practice` (the question bank on Markdown pages), `questions` (interview questions as sections), `facts` (role
and directives), `math` (MathML), `glossary` (terms, and quiet links to them), `minutes` (to read a
page), `stamp` (what a site was built from).
"""

from typing import Any

from sphinx.application import Sphinx

from studykit.sphinx import code, facts, glossary, math, minutes, outputs, practice, questions, site, stamp, tables


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; the order does not matter."""
    for module in (site, outputs, code, tables, practice, facts, glossary, math, questions, minutes, stamp):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
