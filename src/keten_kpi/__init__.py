"""Does the message traffic between gemeenten and aanbieders do what was agreed?"""

from importlib.metadata import version

__version__ = version("keten-kpi")
