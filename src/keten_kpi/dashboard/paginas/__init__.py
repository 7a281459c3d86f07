"""The pages of an edition: for each the finding first, then the numbers, the chart and the table it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from keten_kpi.dashboard.blok import Pagina
from keten_kpi.dashboard.cijfers import Cijfers, tijdnormen
from keten_kpi.dashboard.kamers import Kamers
from keten_kpi.dashboard.paginas.aanbieders import aanbieders_page
from keten_kpi.dashboard.paginas.datakwaliteit import quality_page
from keten_kpi.dashboard.paginas.gemeente import gemeente_page
from keten_kpi.dashboard.paginas.gemeenten import gemeenten_page
from keten_kpi.dashboard.paginas.landelijk import index_page
from keten_kpi.dashboard.paginas.norm import norm_page
from keten_kpi.dashboard.paginas.productcodes import codes_page
from keten_kpi.dashboard.paginas.toegankelijkheid import access_page
from keten_kpi.dashboard.paginas.verantwoording import method_page
from keten_kpi.kpi import list_kpis

__all__ = ["all_pages"]


def all_pages(cijfers: Cijfers, kamers: Kamers, gemeenten: Sequence[str]) -> Iterator[Pagina]:
    """Every page of the edition; per gemeente only those that it may see."""
    yield index_page(cijfers)
    own = cijfers.editie.gemeente
    if own is None:
        yield gemeenten_page(cijfers)
        yield aanbieders_page(cijfers, kamers)
    yield from map(partial(gemeente_page, cijfers, kamers), [own] if own else gemeenten)
    yield from map(partial(norm_page, cijfers), tijdnormen(list_kpis()))
    yield codes_page(cijfers, kamers)
    yield quality_page(cijfers)
    yield method_page(cijfers)
    yield access_page()
