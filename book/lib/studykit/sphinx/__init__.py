"""The site: what a Jupyter Book 1 build needs to become a lean page whose widgets live without a kernel.

Loaded by name from ``_config.yml``. One module per concern: `site` (addresses, assets, page furniture),
`outputs` (figures, widgets, values in a notebook's output), `facts` (role and directive), `math` (MathML), `questions` (interview
questions as sections).
"""

from typing import Any

from sphinx.application import Sphinx

from studykit.sphinx import facts, math, outputs, questions, site


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; the order does not matter."""
    for module in (site, outputs, facts, math, questions):
        module.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
