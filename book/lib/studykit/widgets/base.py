"""One widget, one ES module, two hosts: a notebook with a kernel, and a static page without one."""

import json
from typing import Any, ClassVar

import anywidget

from studykit.build.modules import MODULES, bundle

MIME = "application/vnd.studykit.widget.v1+json"


class Widget(anywidget.AnyWidget):
    """An anywidget that also describes itself to the static site.

    A subclass names its ``kind`` (the file ``js/{kind}.mjs``) and its synced traits.
    The notebook output then carries, beside the live view, ``{"kind", "state"}`` under `MIME`:
    the same traits as plain JSON and no random id, so that a second run writes the same bytes.
    """

    kind: ClassVar[str]
    _css = MODULES / "widgets.css"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" in cls.__dict__:
            cls._esm = bundle(cls.kind)

    def page_state(self) -> dict[str, Any]:
        """Synced traits that the page starts from: JSON only."""
        own = set(self.traits(sync=True)) - set(anywidget.AnyWidget.class_traits(sync=True))
        return {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}

    def describe(self) -> str:
        """One plain line, shown where neither a kernel nor a script runs."""
        return f"{self.kind} (interactive)"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        state = json.loads(json.dumps(self.page_state(), allow_nan=False))
        data |= {"text/plain": self.describe(), MIME: {"kind": self.kind, "state": state}}
        return data, metadata
