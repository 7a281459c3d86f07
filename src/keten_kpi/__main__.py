"""``python -m keten_kpi``."""

from keten_kpi.cli import main

main()
