"""How a sender writes: which prefixes; white space may stand between the elements or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACE = r"[ \t\r\n]*+"


@dataclass(frozen=True, slots=True)
class Style:
    """A style of writing.

    ``own`` is the prefix of the message's namespace ("" when it is the default one), ``base`` that of the base schema;
    None when each element in it that stands in another namespace declares it as the default one.
    """

    own: str
    base: str | None
    base_namespace: str | None

    def open(self, name: str, namespace: str, above: str) -> str:
        """A pattern of the start tag of an element whose parent is in the namespace ``above``."""
        if namespace == "b" and self.base is None:
            declared = re.escape(f' xmlns="{self.base_namespace}"')
            return f"<{re.escape(name)}(?:{declared}){'?+' if above == 'b' else ''}>"  # once more does no harm
        return f"<{re.escape(self._prefixed(name, namespace))}>"

    def close(self, name: str, namespace: str) -> str:
        """A pattern of the end tag."""
        return f"</{re.escape(self._prefixed(name, namespace))}>"

    def _prefixed(self, name: str, namespace: str) -> str:
        prefix = self.own if namespace == "m" else (self.base or "")
        return f"{prefix}:{name}" if prefix else name
