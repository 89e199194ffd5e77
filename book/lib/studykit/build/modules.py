"""The widgets' ES modules: where they are, and each as one file that stands alone."""

import re
from pathlib import Path

MODULES = Path(__file__).parents[1] / "widgets" / "js"
_NOTE = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r'^(?:import|export) \{[^}]*\} from "(?P<file>\.{1,2}/[\w./-]+\.mjs)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|class|async)", re.MULTILINE)


def _bare(path: Path) -> str:
    """A module without the notes on types, which are for its editors and a third of its weight."""
    return _NOTE.sub("", path.read_text(encoding="utf-8"))


def served_source(path: Path) -> str:
    """A module as it is served: without notes on types, and beside what is vendored."""
    return _bare(path).replace('from "../../vendor/', 'from "./')


def bundle(kind: str) -> str:
    """Source of ``{kind}.mjs`` with the modules it imports written in, as a notebook front end needs it."""
    seen: set[Path] = set()

    def inline(path: Path) -> str:
        if path in seen:
            return ""
        seen.add(path)
        return _IMPORT.sub(lambda match: _EXPORT.sub("", inline((path.parent / match["file"]).resolve())), _bare(path))

    return inline((MODULES / f"{kind}.mjs").resolve())
