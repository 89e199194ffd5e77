"""The widgets' ES modules: where they are, and each as one file that stands alone."""

import re
from pathlib import Path

WIDGETS = Path(__file__).parent / "widgets"
_NOTE = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<file>[\w-]+\.mjs)";\n', re.MULTILINE)


def source(path: Path) -> str:
    """A module as it is served: without the notes on types, which are for its editors and a third of its weight."""
    return _NOTE.sub("", path.read_text(encoding="utf-8"))


def module(kind: str) -> str:
    """Source of ``{kind}.mjs`` with its sibling imports written in, as a notebook front end needs it."""
    seen: set[str] = set()

    def inline(file: str) -> str:
        if file in seen:
            return ""
        seen.add(file)
        text = _IMPORT.sub(lambda match: inline(match["file"]), source(WIDGETS / file))
        return text if file == f"{kind}.mjs" else re.sub(r"^export (?=const|function)", "", text, flags=re.MULTILINE)

    return inline(f"{kind}.mjs")
