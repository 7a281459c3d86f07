"""The product codes in depth: which are no national ones, what they could be, and what would change if they were."""

from keten_kpi.codes.alles import Alles, all_of_codes, counts_of_codes
from keten_kpi.codes.kaart import Afbeelding, read_map
from keten_kpi.codes.kalender import Kalender, read_calendar
from keten_kpi.codes.norm import SHARE, STATES, what_if_norm
from keten_kpi.codes.overzicht import DEKKING, EERSTE, SURE, UNSURE, Codes, Kortelijst, list_codes, suggested_map
from keten_kpi.codes.watals import WatAls, what_if_codes

__all__ = [
    "DEKKING",
    "EERSTE",
    "SHARE",
    "STATES",
    "SURE",
    "UNSURE",
    "Afbeelding",
    "Alles",
    "Codes",
    "Kalender",
    "Kortelijst",
    "WatAls",
    "all_of_codes",
    "counts_of_codes",
    "list_codes",
    "read_calendar",
    "read_map",
    "suggested_map",
    "what_if_codes",
    "what_if_norm",
]
