"""Charts as SVG text, made while the site is built: no script, no style of their own, the same bytes each time."""

from keten_kpi.dashboard.grafiek.lijnen import klein, trend
from keten_kpi.dashboard.grafiek.punten import Punt, rangorde, rups, spreiding, trechter
from keten_kpi.dashboard.grafiek.staven import histogram, staven
from keten_kpi.dashboard.grafiek.tegels import Tegel, tegelkaart

__all__ = [
    "Punt",
    "Tegel",
    "histogram",
    "klein",
    "rangorde",
    "rups",
    "spreiding",
    "staven",
    "tegelkaart",
    "trechter",
    "trend",
]
