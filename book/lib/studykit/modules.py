"""The widgets' ES modules: where they are, and each as one file that stands alone."""

import re
from pathlib import Path

WIDGETS = Path(__file__).parent / "widgets"
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<file>[\w-]+\.mjs)";\n', re.MULTILINE)


def module(kind: str) -> str:
    """Source of ``{kind}.mjs`` with its sibling imports written in, as a notebook front end needs it."""
    seen: set[str] = set()

    def inline(file: str) -> str:
        if file in seen:
            return ""
        seen.add(file)
        source = (WIDGETS / file).read_text(encoding="utf-8")
        source = _IMPORT.sub(lambda match: inline(match["file"]), source)
        return (
            source if file == f"{kind}.mjs" else re.sub(r"^export (?=const|function)", "", source, flags=re.MULTILINE)
        )

    return inline(f"{kind}.mjs")
