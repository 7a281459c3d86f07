"""The folder that is built: its figures are the KPIs', it holds no small count, and it is whole or not there."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.dashboard import KETENBUREAU, Editie, build_site, read_editie
from keten_kpi.dashboard import paginas as pages_module
from keten_kpi.dashboard.cijfers import Cijfers, merge_bars, merge_tail
from keten_kpi.dashboard.kamers import Kamers
from keten_kpi.dashboard.paginas import gemeente as gemeente_module
from keten_kpi.dashboard.paginas.delen import AFWIJKEND, per_wet
from keten_kpi.dashboard.paginas.gemeente import gemeente_page
from keten_kpi.dashboard.paginas.landelijk import index_page
from keten_kpi.dashboard.tabellen import rows_by_name
from keten_kpi.errors import UsageError
from keten_kpi.kpi import compute, find_kpi, list_kpis
from tests.dashboard.conftest import MINIMUM

OWN = "1960"  # has the most cases in this pilot
PARTIES = "verzenders|^codes$|^paren$|^paren_eigen"  # as gemeente and aanbieder: about no people
NO_COUNT = re.compile(
    f"{PARTIES}|aandeel|mediaan|p90|gemiddeld|versie|wet|maand|^norm$|gemeente|aanbieder|naam|titel|oordeel"
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_there_is_a_page_for_each_gemeente_with_cases_and_for_each_time_norm(con, site, tabellen) -> None:
    assert {path.stem for path in (site / "gemeente").iterdir()} == set(tabellen.gemeenten())
    assert {path.stem for path in (site / "norm").iterdir()} == {kpi.id for kpi in list_kpis() if kpi.norm}


@pytest.mark.parametrize("kpi", ["doorlooptijd-toewijzing", "productcode-afwijking", "stoptermijn"])
@pytest.mark.parametrize("per", ["gemeente", "wet"])
def test_a_table_holds_what_the_kpi_gives_but_for_what_it_hides(con, site, kpi, per) -> None:
    truth = compute(con, kpi, per=(per,))
    shown = rows(site / "data" / f"{kpi}-per-{per}.csv")
    assert [row[per] for row in shown] == [row[0] for row in truth.rows]
    for row, wanted in zip(shown, truth.rows, strict=True):
        hidden = row["onderdrukt"].split(", ")
        for name, value in zip(truth.columns, wanted, strict=True):
            known = "" if value is None or name in hidden else str(value)
            assert row[name] == known, name


def test_no_count_that_is_published_is_small(site) -> None:
    seen = 0
    for path in sorted((site / "data").iterdir()):
        if path.stem in {
            "quarantaine",
            "codelijsten",
            "aanbieders-per-aantal-codes",
            "aanbieders-per-aantal-gemeenten",
        }:
            continue  # documents, codes and aanbieders, not people
        for row in rows(path):
            counts = {name: text for name, text in row.items() if text.isdecimal() and not NO_COUNT.search(name)}
            counts = {name: text for name, text in counts.items() if not name.endswith("dagen")}
            assert not {name for name, text in counts.items() if 0 < int(text) < MINIMUM}, path.name
            seen += len(counts)
    assert seen > 100


def test_the_same_database_gives_the_same_bytes(con, site, tmp_path) -> None:
    again = build_site(con, tmp_path / "weer", editie=KETENBUREAU, minimum=MINIMUM)
    assert files(again.map) == files(site)


def test_every_page_is_under_a_megabyte_and_forbids_all_but_its_own_style(site) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert len(text) < 1_000_000
        assert "default-src 'none'; style-src 'sha256-" in text
        assert not re.search(r"<script|\sstyle=|\son[a-z]+=|src=|https?://(?!www\.w3\.org/)", text)


def test_every_link_leads_to_a_file_of_the_site(site) -> None:
    seen = 0
    for path in site.rglob("*.html"):
        for link in re.findall(r'<a[^>]* href="([^"#]+)"', path.read_text("utf-8")):
            assert (path.parent / link).resolve().is_file(), (path.name, link)
            seen += 1
    assert seen > 100


def test_an_own_code_is_never_called_a_violation(site) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert text.count("overtreding") == text.count("geen overtreding")


def test_an_edition_for_a_gemeente_names_no_other_and_holds_no_figure_of_one(con, site, tmp_path, tabellen) -> None:
    mine = build_site(con, tmp_path / "een", editie=Editie(OWN), minimum=MINIMUM).map
    others = set(tabellen.gemeenten()) - {OWN}
    assert others
    names = {str(row[0]) for row in con.execute("SELECT naam FROM verkeer.gemeente").fetchall()}
    own_name = Cijfers(con, Editie(OWN), MINIMUM, tabellen).naam(OWN)
    for name, content in files(mine).items():
        text = content.decode()
        assert not [code for code in others if re.search(rf"(?<![\d.,]){code}(?!\d)", text)], name
        assert not [word for word in names - {own_name, "Beek", "Best", "Goor", "Lith"} if f">{word}<" in text], name
    assert not [name for name in files(mine) if re.search("per-gemeente|per-aanbieder|per-maand.csv|tegels", name)]
    assert {path.name for path in (mine / "gemeente").iterdir()} == {f"{OWN}.html"}


def measured(paths) -> set[tuple[str, ...]]:
    """Rows with an interval: what is measured, when or of what, and between which bounds."""
    found = ((path.stem[:12], row) for path in paths for row in rows(path) if not is_shared(row))
    return {
        (
            stem,
            row.get("maand", ""),
            row.get("titel", ""),
            *(value for name, value in row.items() if is_fine(name, value)),
        )
        for stem, row in found
        if any(is_fine(name, value) for name, value in row.items())
    }


def is_fine(name: str, value: str) -> bool:
    return name.startswith("aandeel_") and name != "aandeel_land" and len(value) > 6


def is_shared(row: dict[str, str]) -> bool:
    """Whether a row beside a gemeente is of its region or the country."""
    return row.get("wie", "").startswith(("Jeugdregio", "Nederland"))


def test_an_edition_holds_no_figure_that_only_anothers_may_hold(alle) -> None:
    """What stands in the files of one gemeente, but for the country and its region, stands in no other's edition."""
    own = {code: measured((alle[code] / "data").glob(f"*-{code}.csv")) for code in alle if code}
    seen = 0
    for mine in own:
        numbers = measured((alle[mine] / "data").iterdir())
        for other in own.keys() - {mine}:
            seen += len(own[other])
            assert not own[other] & numbers, (mine, other)
    assert seen > 100


def test_the_country_is_not_hidden_for_the_sake_of_the_months_of_a_gemeente(con, tabellen) -> None:
    for kpi in ("doorlooptijd-toewijzing", "productcode-afwijking"):
        exact, shown = rows_by_name(tabellen.exact(kpi, ()))[0], rows_by_name(tabellen.tabel(kpi, ()))[0]
        large = {name for name, value in exact.items() if isinstance(value, int) and value >= MINIMUM}
        hidden = {name for name in large if shown[name] is None and not name.startswith("mediaan_")}
        assert not hidden
        assert tabellen.tabel(kpi, ("gemeente", "maand")).rows


def test_editions_that_share_their_work_are_those_that_are_built_alone(con, alle, tmp_path) -> None:
    alone = build_site(con, tmp_path / "een", editie=Editie(OWN), minimum=MINIMUM)
    assert files(alone.map) == files(alle[OWN])


def test_the_command_makes_a_folder_for_each_edition(db, alle, tmp_path) -> None:
    out = tmp_path / "alle"
    ran = CliRunner().invoke(app, ["dashboard", "build", str(out), "--alle-gemeenten", "--db", str(db)])
    assert ran.exit_code == 0, ran.output
    assert {folder.name for folder in out.iterdir()} == {folder.name for folder in alle.values()}
    for folder in alle.values():
        assert files(out / folder.name) == files(folder)


def test_every_chart_stands_in_a_section_with_its_table_and_its_file(site, alle) -> None:
    seen = 0
    for folder in (site, alle[OWN]):
        for path in folder.rglob("*.html"):
            for section in re.findall(r"<section.*?</section>", path.read_text("utf-8"), re.DOTALL):
                if 'class="grafiek"' in section:
                    seen += 1
                    assert re.search(r"<h2[^>]*>[^<]{15,}</h2>", section), path.name
                    assert "<caption>" in section
                    links = re.findall(r'href="([^"]+\.csv)" download', section)
                    assert links
                    assert all(rows((path.parent / link).resolve()) for link in links)
    assert seen > 50


def test_a_region_is_shown_to_a_gemeente_only_when_others_are_in_it(con, monkeypatch, tabellen) -> None:
    cijfers = Cijfers(con, Editie(OWN), MINIMUM, tabellen)
    regio = cijfers.namen.gemeente(OWN).jeugdregio
    assert not cijfers.mag_regio("doorlooptijd-toewijzing", regio)
    monkeypatch.setattr("keten_kpi.dashboard.cijfers.ANDEREN", 0)
    assert cijfers.mag_regio("doorlooptijd-toewijzing", regio)


def test_what_others_have_is_told_in_whole_percents_and_of_enough_of_them(con, monkeypatch, tabellen) -> None:
    told: list[list[float]] = []
    monkeypatch.setattr(gemeente_module.grafiek, "spreiding", lambda grenzen, *_: told.append(grenzen) or "")
    for least in (8, 2):
        monkeypatch.setattr(gemeente_module, "ANDEREN", least)
        gemeente_page(Cijfers(con, Editie(OWN), MINIMUM, tabellen), Kamers(tabellen), OWN)
        assert bool(told) == (least == 2)
    assert all(share == round(share, 2) for grenzen in told for share in grenzen)


def test_the_funnel_of_a_gemeente_holds_its_own_point_only(con, monkeypatch, tabellen) -> None:
    seen: list[list[str]] = []

    def keep(points, *_, **__) -> str:
        seen.append([point.naam for point in points])
        return ""

    monkeypatch.setattr(gemeente_module.grafiek, "trechter", keep)
    gemeente_page(Cijfers(con, Editie(OWN), MINIMUM, tabellen), Kamers(tabellen), OWN)
    assert seen
    assert {tuple(names) for names in seen} == {("West Betuwe",)}
    seen.clear()
    gemeente_page(Cijfers(con, KETENBUREAU, MINIMUM, tabellen), Kamers(tabellen), OWN)
    assert max(map(len, seen)) > 1


def test_the_country_is_not_shown_to_a_gemeente_that_would_see_few_others_in_it(con, monkeypatch, tabellen) -> None:
    cijfers = Cijfers(con, Editie(OWN), MINIMUM, tabellen)
    assert cijfers.land("productcode-afwijking")
    monkeypatch.setattr("keten_kpi.dashboard.cijfers.ANDEREN", len(tabellen.gemeenten()))
    assert not cijfers.land("productcode-afwijking")
    assert not cijfers.verdeling(find_kpi("stoptermijn"))


def test_no_wet_is_shown_when_one_of_them_holds_few_others(con, monkeypatch, tabellen) -> None:
    cijfers, kpi = Cijfers(con, Editie(OWN), MINIMUM, tabellen), find_kpi("productcode-afwijking")
    assert list(per_wet(cijfers, kpi, AFWIJKEND))
    monkeypatch.setattr(Cijfers, "mag_land", lambda _self, _kpi, wet=None: wet != "Wmo")
    assert not list(per_wet(cijfers, kpi, AFWIJKEND))


def test_a_build_that_fails_leaves_the_old_dashboard_whole(con, site, tmp_path, monkeypatch) -> None:
    out = tmp_path / "uit"
    shutil.copytree(site, out)
    before = files(out)

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(pages_module, "codes_page", fail)  # when most pages are written
    with pytest.raises(RuntimeError):
        build_site(con, out, editie=KETENBUREAU, minimum=MINIMUM)
    assert files(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["uit"]


def test_a_folder_with_something_else_is_not_replaced(con, tmp_path) -> None:
    (tmp_path / "werk").mkdir()
    (tmp_path / "werk" / "brief.txt").write_text("van mij", "utf-8")
    with pytest.raises(UsageError, match="something else"):
        build_site(con, tmp_path / "werk", editie=KETENBUREAU, minimum=MINIMUM)
    assert (tmp_path / "werk" / "brief.txt").read_text("utf-8") == "van mij"


@pytest.mark.parametrize("text", ["gemeente:384", "gemeente:", "aanbieder:42420001", "Ketenbureau", "gemeente:0384 "])
def test_an_edition_that_is_none_is_refused(text) -> None:
    with pytest.raises(UsageError):
        read_editie(text)


def test_a_gemeente_without_cases_gets_no_edition(con, tmp_path) -> None:
    with pytest.raises(UsageError, match="no cases"):
        build_site(con, tmp_path / "uit", editie=Editie("9999"), minimum=MINIMUM)


COUNTS = st.dictionaries(st.integers(0, 60), st.integers(1, 40)).map(lambda found: sorted(found.items()))


@given(COUNTS, st.integers(0, 30))
def test_bars_hold_all_cases_and_none_is_small_unless_all_are(counts, minimum) -> None:
    bars = merge_bars(counts, minimum, "binnen_norm")
    assert sum(bar.aantal for bar in bars) == sum(number for _, number in counts)
    assert len(bars) < 2 or all(bar.aantal >= minimum for bar in bars)


@given(COUNTS, st.integers(0, 30), st.integers(0, 50))
def test_the_tail_holds_what_is_open_and_no_small_bar(counts, minimum, waiting) -> None:
    bars = merge_tail([*counts, (None, waiting)], minimum)
    assert sum(bar.aantal for bar in bars) == sum(number for _, number in counts) + waiting
    assert len(bars) < 2 or all(bar.aantal >= minimum for bar in bars)


def test_a_country_that_is_withheld_is_not_said_to_have_no_cases(con, tabellen, monkeypatch) -> None:
    monkeypatch.setattr("keten_kpi.dashboard.cijfers.ANDEREN", 10_000)
    cijfers = Cijfers(con, Editie(OWN), MINIMUM, tabellen)
    for page in (index_page(cijfers), gemeente_page(cijfers, Kamers(tabellen), OWN)):
        (table,) = [block.tabel for block in page.blokken if block.tabel and "normen" in block.tabel.naam]
        shown = [dict(zip(table.getoond, regel, strict=True)) for regel in table.regels]
        country = "aandeel_land" if "aandeel_land" in table.getoond else "aandeel_binnen_norm"
        assert {row[country].tekst for row in shown} == {"niet getoond"}
