"""The figures of the allowance as the rule book holds them: only those somebody confirmed count."""

from webapp.core import clock
from webapp.rights.income_path import Parameters
from webapp.rulebook.figures import known

#: Parameter → figure of the rule book.
FIGURES = {
    "line": "allowance_line",
    "work_cost": "allowance_work_cost",
    "taper_months": "allowance_taper_months",
    "taper_percent": "allowance_taper_percent",
    "taper_ceiling": "allowance_taper_ceiling",
    "hard_spending_percent": "allowance_hard_spending_percent",
}


def confirmed() -> Parameters:
    """Return the parameters that hold today; what nobody has confirmed is a hole like the rest."""
    rows = {one: known(name, on=clock.today()) for one, name in FIGURES.items()}
    return Parameters(
        **{one: row.value if row and row.confirmed else None for one, row in rows.items()}
    )
