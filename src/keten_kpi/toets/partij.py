"""Who asks: one gemeente or one aanbieder. And the cases of all time norms, with who must act in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from keten_kpi.errors import UsageError
from keten_kpi.kpi import Kpi, Selection, list_kpis

FOLDER = resources.files("keten_kpi.toets")
COLUMNS = (
    "geval_id",
    "wet",
    "gemeente",
    "aanbieder",
    "berichttype",
    "release",
    "referentie",
    "start_dag",
    "uiterste_dag",
    "antwoord_dag",
    "toestand",
    "reden_telt_niet",
    "koppeling",
    "start_bericht_id",
    "antwoord_bericht_id",
)


@dataclass(frozen=True, slots=True)
class Partij:
    """The party that is held to the norms."""

    soort: str  # "gemeente" or "aanbieder"
    code: str

    @property
    def tegenpartij(self) -> str:
        """Of which kind the other side is."""
        return "aanbieder" if self.soort == "gemeente" else "gemeente"

    def selection(self, *, wet: str | None = None) -> Selection:
        """All cases of this party."""
        if self.soort == "gemeente":
            return Selection(wet=wet, gemeente=self.code)
        return Selection(wet=wet, aanbieder=self.code)


def choose_partij(gemeente: str | None, aanbieder: str | None) -> Partij:
    """The party that these options name.

    Raises:
        UsageError: both or neither are given.
    """
    if gemeente is not None and aanbieder is None:
        return Partij("gemeente", gemeente)
    if aanbieder is not None and gemeente is None:
        return Partij("aanbieder", aanbieder)
    raise UsageError("Whose cases?", "Name one party: --gemeente CODE or --aanbieder CODE.")


def time_norms() -> list[Kpi]:
    """The KPIs that are a time norm, by id. A folder more is a norm more."""
    return [kpi for kpi in list_kpis() if kpi.soort.naam == "tijdnorm"]


def read_sql(name: str) -> str:
    return FOLDER.joinpath(f"{name}.sql").read_text("utf-8")


def _cases_of(kpi: Kpi, relation: str, where: str) -> str:
    return f"SELECT '{kpi.id}' AS kpi, {', '.join(COLUMNS)} FROM {relation} WHERE {where}"  # noqa: S608


def case_relations(kpis: Iterable[Kpi], where: str) -> dict[str, str]:
    """The relation ``norm_geval``: the cases of these norms, with the id of their KPI, its rule and who must act.

    ``where`` is a condition on each of their views.
    """
    union = "\nUNION ALL\n".join(_cases_of(kpi, kpi.view, where) for kpi in kpis)
    return {"geval_van_norm": union, "norm_geval": read_sql("norm_geval")}


def given_cases(kpi: Kpi) -> dict[str, str]:
    """The relation ``norm_geval`` of one norm, from the relation ``gevallen``: some or all of its cases."""
    return {"geval_van_norm": _cases_of(kpi, "gevallen", "TRUE"), "norm_geval": read_sql("norm_geval")}


def question(**types: str) -> dict[str, str]:
    """The relation ``vraag``: one row with the parameters of these names, of these SQL types."""
    return {"vraag": "SELECT " + ", ".join(f"CAST(${name} AS {kind}) AS {name}" for name, kind in types.items())}


def with_relations(relations: dict[str, str], query: str) -> str:
    """A query that reads relations by name."""
    parts = "\n\n, ".join(f"{name} AS (\n{select}\n)" for name, select in relations.items())
    return f"WITH {parts}\n\nSELECT * FROM (\n{query}\n) AS uitkomst"
