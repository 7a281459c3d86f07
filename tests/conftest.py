"""For all tests: no test measures time, so Hypothesis sets no deadline either."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# On top of what Hypothesis takes by itself, which in CI is another profile.
settings.register_profile("no clock", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")
