"""Takes messages out of a database, with all that came of them, so that no byte of them stays in its files."""

from keten_kpi.forget.choose import Before, Client, Wanted, parse_bsn
from keten_kpi.forget.rewrite import Found, Proof, forget, look_up
from keten_kpi.forget.wipe import wipe_left

__all__ = ["Before", "Client", "Found", "Proof", "Wanted", "forget", "look_up", "parse_bsn", "wipe_left"]
