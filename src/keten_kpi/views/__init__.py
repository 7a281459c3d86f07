"""Names what was sent: reference tables and the views of schema ``verkeer``, built from SQL files."""

from keten_kpi.views.reference import add_list, install_functions, install_reference, shipped_lists, stored_lists
from keten_kpi.views.sql import (
    STORED,
    SqlView,
    build_order,
    install_views,
    is_stored,
    read_views,
    references,
    set_stored_aside,
    store_views,
)

__all__ = [
    "STORED",
    "SqlView",
    "add_list",
    "build_order",
    "install_functions",
    "install_reference",
    "install_views",
    "is_stored",
    "read_views",
    "references",
    "set_stored_aside",
    "shipped_lists",
    "store_views",
    "stored_lists",
]
