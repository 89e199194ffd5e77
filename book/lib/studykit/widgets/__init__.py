"""What a notebook imports: `explore`, `calculator`, `quiz`, and outputs that the site reads (`record`, `table`)."""

from studykit.widgets.calculator import calculator
from studykit.widgets.explore import explore
from studykit.widgets.quiz import quiz
from studykit.widgets.show import record, table

__all__ = ["calculator", "explore", "quiz", "record", "table"]
