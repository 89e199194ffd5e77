"""Linear and mixed-integer programs with one answer: HiGHS, and a fixed order among answers of equal cost.

A program often has several cheapest answers. Which of them a solver meets first can hang on the last digit of a price,
and so on the processor. `Program` therefore asks a second question: of all cheapest answers, which has the least
weighted sum of its variables, with weights of which no two sums are alike? That answer is the same everywhere.
"""

from itertools import count, islice
from math import isqrt

import highspy
import numpy as np

#: Reduced costs and dual values up to it count as nothing
ZERO = 1e-7
#: What a whole number costs more, times its weight of 1 to 2: of whole numbers that cost the same, one answer is cheapest
TIE_USD = 1e-3


class Program(highspy.Highs):
    """A HiGHS model in highspy's own notation (arrays of unknowns, ``sum``, ``<=``), to be solved once.

    >>> program = Program()
    >>> made = program.variables(2)
    >>> program.keep(made.sum() >= 4, made <= 3)
    >>> program.minimize_cost(made.sum())  # any split costs 4,
    4.0
    >>> program.values(made).tolist()  # and this one is chosen on every machine
    [3.0, 1.0]
    """

    def __init__(self) -> None:
        super().__init__()
        self.silent()
        for option, value in {
            "threads": 1,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": ZERO,
            "mip_feasibility_tolerance": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
            "dual_feasibility_tolerance": 1e-9,
        }.items():
            self.setOptionValue(option, value)

    def variables(self, *shape: int, most: object = highspy.kHighsInf, whole: bool = False) -> highspy.HighspyArray:
        """An array of unknowns from 0 to ``most`` (a number, or an array of that shape), whole numbers or not."""
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        upper = np.broadcast_to(np.asarray(most, float), shape).ravel().tolist()
        return self.addVariables(*shape, lb=0.0, ub=upper, type=kind, out_array=True)

    def keep(self, *rows: object) -> None:
        """Add constraints: single ones, or arrays of them in any shape. Terms that cancel out are left away."""
        for row in np.concatenate([np.ravel(part) for part in rows]):
            index, weight = (np.asarray(part) for part in row.unique_elements())
            left = np.abs(weight) > 1e-9
            self.addRow(*row.bounds, int(left.sum()), index[left], weight[left])

    def values(self, variables: object) -> np.ndarray:
        """Variables or expressions at the optimum, in their shape."""
        return np.asarray(self.vals(variables), float).reshape(np.shape(variables))

    def minimize_cost(self, cost: object) -> float | None:
        """Solve for the least cost, settle ties, and give that cost; None where the constraints contradict each other.

        Parameters
        ----------
        cost : expression of the variables, USD. Whole numbers are the cheapest to within `TIE_USD` times twice their sum.

        Source: lexicographic optimization (Isermann 1982), by a small weight for whole numbers and exactly for the rest:
        the optimal face of a linear program is what complementary slackness leaves free.
        """
        whole = np.flatnonzero([kind != highspy.HighsVarType.kContinuous for kind in self.getLp().integrality_])
        if len(whole):
            if not self._solved(cost + TIE_USD * self._order(whole)):
                return None
            chosen = np.round(np.array(self.getSolution().col_value)[whole])
            self.changeColsIntegrality(len(whole), whole, np.zeros(len(whole), np.uint8))
            self.changeColsBounds(len(whole), whole, chosen, chosen)
        if not self._solved(cost):
            return None
        least = self.getInfo().objective_function_value
        self._hold_what_is_settled()
        self._solved(self._order(np.arange(self.numVariables)))
        return float(least)

    def _solved(self, objective: object) -> bool:
        self.minimize(objective)
        return self.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def _order(self, columns: np.ndarray) -> highspy.highs.highs_linear_expression:
        """The second objective: each variable by a weight of its own, 1 to 2.

        Square roots of square-free numbers: no whole multiples of them have the same sum (Besicovitch 1940). Multiples of
        one number would: a swap of two pairs in a table of flows weighs nothing there.
        """
        free = (number for number in count(2) if all(number % root**2 for root in range(2, isqrt(number) + 1)))
        roots = np.sqrt(np.fromiter(islice(free, self.numVariables), float))
        weights, variables = 1 + roots[columns] % 1, self.getVariables()
        return self.qsum(weight * variables[column] for weight, column in zip(weights, columns, strict=True))

    def _hold_what_is_settled(self) -> None:
        """Fix what has a reduced cost, and the rows that have a dual value, where they are: every cheapest answer does."""
        model, found = self.getLp(), self.getSolution()
        for dual, value, lower, upper, change in (
            (found.col_dual, found.col_value, model.col_lower_, model.col_upper_, self.changeColsBounds),
            (found.row_dual, found.row_value, model.row_lower_, model.row_upper_, self.changeRowsBounds),
        ):
            held = np.flatnonzero(np.abs(dual) > ZERO)
            value, lower, upper = (np.array(part)[held] for part in (value, lower, upper))
            at = np.where(np.abs(value - lower) <= np.abs(upper - value), lower, upper)
            change(len(held), held, at, at)
