"""The one form in which a notebook's file is written."""

import copy
import json
import re
from typing import Any


def canonical(notebook: dict[str, Any]) -> str:
    """The text of a notebook's file: indented by one as nbformat writes it, but each datum of an output on one line."""
    data: list[str] = []

    def fold(value: Any) -> str:
        data.append(json.dumps(value, ensure_ascii=False, sort_keys=True))
        return f"<datum {len(data) - 1}>"

    folded = copy.deepcopy(notebook)
    for output in (output for cell in folded["cells"] for output in cell.get("outputs", [])):
        for holder, names in ((output, ("metadata", "text")), (output.get("data", {}), tuple(output.get("data", {})))):
            holder.update({name: fold(holder[name]) for name in names if name in holder})
    text = json.dumps(folded, ensure_ascii=False, indent=1, sort_keys=True)
    return re.sub(r'"<datum (\d+)>"', lambda found: data[int(found[1])], text) + "\n"
