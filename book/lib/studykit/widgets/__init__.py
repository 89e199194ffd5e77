"""What a notebook imports: `explore`, `calculator`, `quiz`, `check`, `negotiate`, and outputs that the site reads: `record`,
`table`, `cards` and `formula_sheet`."""

from studykit.widgets.calculator import calculator
from studykit.widgets.cards import cards
from studykit.widgets.check import check
from studykit.widgets.explore import explore
from studykit.widgets.formula_sheet import formula_sheet
from studykit.widgets.negotiate import negotiate
from studykit.widgets.quiz import quiz
from studykit.widgets.show import record, table

__all__ = ["calculator", "cards", "check", "explore", "formula_sheet", "negotiate", "quiz", "record", "table"]
