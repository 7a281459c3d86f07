"""The nightly job: what is new in the inbox, the figures, and the dashboard in the place of the old one."""

from keten_kpi.refresh.config import EXAMPLE, Config, read_config
from keten_kpi.refresh.run import Outcome, refresh

__all__ = ["EXAMPLE", "Config", "Outcome", "read_config", "refresh"]
