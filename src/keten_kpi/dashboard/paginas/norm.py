"""One time norm: how long cases took, between whom it differs, and what counts."""

from __future__ import annotations

from keten_kpi.dashboard.blok import Blok, Pagina
from keten_kpi.dashboard.cijfers import Cijfers, Norm, Row
from keten_kpi.dashboard.paginas.delen import (
    BINNEN,
    FEW,
    TOO_FEW,
    histogram,
    key_share,
    norm_words,
    per_wet,
    ranking,
    share_of,
    trend,
)
from keten_kpi.dashboard.woorden import getal, procent
from keten_kpi.kpi import Kpi


def norm_page(cijfers: Cijfers, kpi: Kpi) -> Pagina:
    row, norm = cijfers.land(kpi.id), cijfers.norm(kpi)
    share = share_of(row, BINNEN)
    finding = (
        f"{procent(share)} blijft binnen de norm."
        if share is not None
        else f"Welk deel binnen de norm blijft, {TOO_FEW}"
    )
    blocks = (
        histogram(cijfers, kpi) or Blok("Verdeling", _no_histogram(norm)),
        *per_wet(cijfers, kpi, BINNEN),
        *trend(cijfers, kpi, BINNEN),
        *ranking(cijfers, kpi, BINNEN, "../"),
        _definition(kpi, norm),
        *((_left_out(row),) if row else ()),
    )
    keys = (key_share("Binnen de norm", row, BINNEN, norm_words(norm)),)
    return Pagina(f"norm/{kpi.id}.html", kpi.titel, finding, blocks, keys)


def _no_histogram(norm: Norm | None) -> tuple[str, ...]:
    if norm is None or norm.eenheid == "kalendermaanden":
        return ("Van deze norm is geen verdeling getekend: zij is niet voor elk bericht hetzelfde aantal dagen.",)
    return (FEW,)


def _definition(kpi: Kpi, norm: Norm | None) -> Blok:
    facts = [("Een geval", kpi.geval), ("De klok", kpi.klok)]
    if norm:
        facts.append(("De norm", f"{norm.waarde} {norm.eenheid}, regel {norm.regelcode}; aan zet: {norm.aan_zet}"))
    facts += [("Bronnen", ", ".join(kpi.bronnen)), ("Versie van de definitie", str(kpi.versie))]
    return Blok("Wat telt en wat niet", (kpi.definitie.strip(),), punten=tuple(facts))


def _left_out(row: Row) -> Blok:
    known = tuple(name for name in ("lopend", "afgewezen", "niet_meetbaar", "onbruikbaar") if name in row)
    hidden = set(str(row.get("onderdrukt") or "").split(", "))
    words = tuple((name.replace("_", " "), _number(row, name, hidden)) for name in known)
    return Blok("Gevallen die niet in het aandeel zitten", (), punten=words)


def _number(row: Row, name: str, hidden: set[str]) -> str:
    return "niet getoond" if name in hidden else getal(int(str(row[name] or 0)))
