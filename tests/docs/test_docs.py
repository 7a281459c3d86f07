"""What the documents promise is so."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from keten_kpi.cli import app
from keten_kpi.errors import Exit
from tests.docs import console
from tests.verkeer.make import TOP

CHECKOUT = Path(__file__).parents[2]
READMES = [CHECKOUT / "README.md", CHECKOUT / "README.nl.md"]
PAGES = [*READMES, *(CHECKOUT / "docs").rglob("*.md"), CHECKOUT / "CHANGELOG.md"]


def commands() -> set[str]:
    named = {command.name or command.callback.__name__ for command in app.registered_commands}
    return named | {group.name for group in app.registered_groups}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(CHECKOUT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_every_command_stands_in_the_readme(readme: Path) -> None:
    named = set(re.findall(r"`([a-z]+)[ `]", readme.read_text("utf-8")))
    assert commands() <= named


@pytest.mark.parametrize("readme", READMES, ids=lambda p: p.name)
def test_the_keten_kpi_lines_of_the_readme_run(readme: Path, tmp_path, monkeypatch) -> None:
    from typer.testing import CliRunner

    monkeypatch.chdir(tmp_path)
    for name in ("delivery", "levering"):
        shutil.copytree(TOP / "voorjaar" / "levering", tmp_path / name)
    lines = re.findall(r"^\$ keten-kpi (.*)$", readme.read_text("utf-8"), re.MULTILINE)
    assert lines
    for line in lines:
        ran = CliRunner().invoke(app, shlex.split(line))
        assert ran.exit_code in {Exit.DONE, Exit.QUARANTINED}, (line, ran.output)


def test_every_exit_code_is_documented() -> None:
    text = (CHECKOUT / "docs" / "exit-codes.md").read_text("utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d) \|", text, re.MULTILINE)} == {code.value for code in Exit}


def test_every_decision_is_in_the_list() -> None:
    folder = CHECKOUT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {page.name for page in folder.glob("0*.md")}


def test_no_file_names_a_machine_or_a_registry() -> None:
    import subprocess

    tracked = subprocess.run(
        ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    for name in filter(None, tracked):
        path = CHECKOUT / name
        if path.suffix == ".zip" or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="replace")
        assert str(CHECKOUT.parent) + "/" not in text, name
        assert "index-url" not in text or name.endswith(("lock.sh", "test_docs.py")), name


def test_the_pilot_page_is_what_its_command_prints() -> None:
    from typer.testing import CliRunner

    printed = CliRunner().invoke(app, ["generate", "--report"])
    assert printed.exit_code == 0
    assert printed.output == (CHECKOUT / "docs" / "pilot.md").read_text("utf-8")


@pytest.mark.parametrize("page", console.PAGES, ids=lambda p: p.name)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tmp_path) -> None:
    assert console.run_page(page, tmp_path) == page.read_text("utf-8"), "python -m tests.docs.console"
