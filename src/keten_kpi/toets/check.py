"""One party beside the rest of the country on every time norm: its trend, and what its late cases have in common."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from keten_kpi.kpi import Kpi, as_of, wilson
from keten_kpi.toets.oorzaak import Geval, Oorzaak, largest_causes
from keten_kpi.toets.partij import Partij, case_relations, question, read_sql, time_norms, with_relations

if TYPE_CHECKING:
    from keten_kpi.database import Connection

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Stand:
    """How many cases are in which state, and the share within the norm with its 95 % interval; None without cases."""

    binnen_norm: int
    buiten_norm: int
    lopend: int
    aandeel_binnen_norm: float | None
    aandeel_binnen_norm_laag: float | None
    aandeel_binnen_norm_hoog: float | None


@dataclass(frozen=True, slots=True)
class Maand:
    """The cases whose clock started in a month. ``is_voorlopig``: some still run, and those that are late come last."""

    maand: str
    stand: Stand
    is_voorlopig: bool


@dataclass(frozen=True, slots=True)
class Norm:
    """One norm for one party. ``eis`` is what the config asks; ``is_gehaald`` is None without it or without cases."""

    kpi: str
    titel: str
    regelcode: str
    aan_zet: str
    is_eigen_plicht: bool
    eigen: Stand
    elders: Stand
    maanden: tuple[Maand, ...]
    oorzaken: tuple[Oorzaak, ...]
    eis: float | None = None
    is_gehaald: bool | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """All norms for one party: first what it must do itself, then what the other side must do towards it."""

    partij: Partij
    peildatum: date | None
    normen: tuple[Norm, ...]

    @property
    def is_gehaald(self) -> bool:
        """Whether no norm in the config is missed."""
        return all(norm.is_gehaald is not False for norm in self.normen)

    def as_dict(self) -> dict[str, Any]:
        head = {self.partij.soort: self.partij.code, "peildatum": self.peildatum, "is_gehaald": self.is_gehaald}
        return {**head, "normen": [asdict(norm) for norm in self.normen]}


def _stand(counts: Mapping[str, int]) -> Stand:
    within, beyond = counts.get("binnen_norm", 0), counts.get("buiten_norm", 0)
    bounds = wilson(within, within + beyond)
    share = within / (within + beyond) if bounds else None
    low, high = bounds or (None, None)
    return Stand(within, beyond, counts.get("lopend", 0), share, low, high)


def _per_state(cases: Iterable[Geval]) -> Counter[str]:
    found: Counter[str] = Counter()
    for case in cases:
        found[case.toestand] += case.aantal
    return found


def months_until(day: date) -> tuple[str, ...]:
    """The last six months up to that of the day, oldest first.

    >>> months_until(date(2026, 2, 3))
    ('2025-09', '2025-10', '2025-11', '2025-12', '2026-01', '2026-02')
    """
    last = day.year * 12 + day.month - 1
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(last - MONTHS + 1, last + 1))


def _trend(cases: Sequence[Geval], peildatum: date) -> tuple[Maand, ...]:
    by_month: dict[str, list[Geval]] = defaultdict(list)
    for case in cases:
        by_month[case.start_dag.isoformat()[:7]].append(case)
    stands = {month: _stand(_per_state(by_month[month])) for month in months_until(peildatum)}
    return tuple(Maand(month, stand, stand.lopend > 0) for month, stand in stands.items())


@dataclass(slots=True)
class _Found:
    """What the query says of one norm and the side that must act."""

    regelcodes: set[str] = field(default_factory=set)
    eigen: list[Geval] = field(default_factory=list)
    elders: Counter[str] = field(default_factory=Counter)


def _collect(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, str], _Found]:
    found: dict[tuple[str, str], _Found] = {}
    for kpi, aan_zet, is_own, rule, state, start, other, category, number in rows:
        norm = found.setdefault((kpi, aan_zet), _Found())
        norm.regelcodes.add(rule)
        if is_own:
            norm.eigen.append(Geval(state, start, other, category, number))
        else:
            norm.elders[state] += number
    return found


def _judge(norm: Norm, eis: float | None) -> Norm:
    share = norm.eigen.aandeel_binnen_norm
    return replace(norm, eis=eis, is_gehaald=None if eis is None or share is None else share >= eis)


def _with_demands(normen: Sequence[Norm], eisen: Mapping[str, float]) -> tuple[Norm, ...]:
    """A demand is on what the party must do itself; of a norm that only the other side must meet, on that."""
    own = {norm.kpi for norm in normen if norm.is_eigen_plicht}
    return tuple(
        _judge(norm, eisen.get(norm.kpi) if norm.is_eigen_plicht or norm.kpi not in own else None) for norm in normen
    )


def _norm(kpi: Kpi, aan_zet: str, found: _Found, partij: Partij, peildatum: date) -> Norm:
    return Norm(
        kpi=kpi.id,
        titel=kpi.titel,
        regelcode=", ".join(sorted(found.regelcodes)),
        aan_zet=aan_zet,
        is_eigen_plicht=aan_zet == partij.soort,
        eigen=_stand(_per_state(found.eigen)),
        elders=_stand(found.elders),
        maanden=_trend(found.eigen, peildatum),
        oorzaken=largest_causes(found.eigen, partij.tegenpartij),
    )


def check_party(  # noqa: PLR0913 - as many as the command has options
    con: Connection,
    partij: Partij,
    *,
    wet: str | None = None,
    peildatum: date | None = None,
    eisen: Mapping[str, float] | None = None,
    vandaag: date | None = None,
) -> Check:
    """Every norm that has cases, for this party and for the rest of the country.

    Raises:
        UsageError: a code or wet that cannot be, or a peildatum outside the calendar.
    """
    kpis = {kpi.id: kpi for kpi in time_norms()}
    where = "TRUE" if wet is None else "wet = $wet"
    relations = {
        **case_relations(kpis.values(), where),
        **question(soort="VARCHAR", code="VARCHAR"),
        **{name: read_sql(name) for name in ("te_duiden", "geval_categorie")},
    }
    values = {"soort": partij.soort, "code": partij.code, **({} if wet is None else {"wet": wet})}
    with as_of(con, replace(partij.selection(wet=wet), peildatum=peildatum), vandaag) as day:
        found = _collect(con.execute(with_relations(relations, read_sql("check")), values).fetchall())
    if day is None:
        return Check(partij, None, ())
    norms = [_norm(kpis[kpi], aan_zet, data, partij, day) for (kpi, aan_zet), data in sorted(found.items())]
    ordered = sorted(norms, key=lambda norm: (not norm.is_eigen_plicht, norm.kpi))
    return Check(partij, day, _with_demands(ordered, eisen or {}))


def norm_ids() -> tuple[str, ...]:
    """What a config may ask something of."""
    return tuple(kpi.id for kpi in time_norms())
