"""A setting of the web server that cannot be says what and where; what it means is the editions that groups may see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from keten_kpi.access import list_editions, read_access, write_nginx
from keten_kpi.cli import app
from keten_kpi.errors import UsageError
from keten_kpi.refresh import read_config

REFRESH = '[refresh]\ninbox = ["in"]\neditions = "all"\n'
LOCAL = '[access]\nserver_name = "monitor.example.nl"\nlisten = "127.0.0.1:8080"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "keten.toml"
    path.write_text(REFRESH + text, "utf-8")
    return path


def written(path: Path) -> str:
    config, access = read_config(path), read_access(path)
    return write_nginx(config, access, list_editions(config, access))


def test_the_example_without_its_hashes_is_what_the_program_reads(tmp_path) -> None:
    path = tmp_path / "keten.toml"
    assert CliRunner().invoke(app, ["init", str(path)]).exit_code == 0
    text = path.read_text("utf-8").replace('editions = "ketenbureau" ', 'editions = "all" ')
    start = text.index("# [access]")
    path.write_text(text[:start] + re.sub(r"(?m)^# ", "", text[start:]), "utf-8")
    access = read_access(path)
    assert access.groups("0384") == ["diemen-sociaal-domein"]
    assert access.groups("0363") == ["keten-kpi-gemeente-0363"]
    found = {edition.name: edition.groups for edition in list_editions(read_config(path), access)}
    assert found["ketenbureau"] == ("keten-kpi-ketenbureau",)
    assert len(found) == 343


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has no section [access]"),
        ("[access]\nlisten = '443'", "the setting server_name is missing in [access]"),
        (LOCAL + "ketenburo = ['x']", "line 7: there is no setting ketenburo"),
        (LOCAL + "ketenbureau = 'x'", "line 7: ketenbureau cannot be this: input should be a valid list"),
        (LOCAL + "ketenbureau = []", "line 7: ketenbureau cannot be this: list should have at least 1 item"),
        (LOCAL + "ketenbureau = ['a,b']", "line 7: ketenbureau cannot be this: a group has a name"),
        (LOCAL + 'ketenbureau = ["a\\nb"]', "line 7: ketenbureau cannot be this: a group has a name"),
        (LOCAL + "gemeente = ['  ']", "line 7: gemeente cannot be this: a group has a name"),
        (LOCAL + "[access.gemeenten]\n384 = ['x']", "line 8: 384 cannot be this: string should match"),
        (LOCAL + "[access.gemeenten]\n0384 = []", "line 8: 0384 cannot be this: list should have at least 1"),
        (LOCAL + "oauth2_proxy = 'http://127.0.0.1:4180'", "line 7: oauth2_proxy cannot be this"),
        (LOCAL + "oauth2_proxy = '4180'", "line 7: oauth2_proxy cannot be this: it has an address and a port"),
        (LOCAL + "access_log = '/x\"; root /; #'", "line 7: access_log cannot be this: a path for nginx"),
        (LOCAL + "certificate = '/c.pem'", "certificate and certificate_key go together"),
        ("[access]\nserver_name = 'a.nl; root /'", "line 5: server_name cannot be this: a name of a host"),
        ("[access]\nserver_name = 'a.nl'", "without a certificate pages go over the network unencrypted"),
        ("[access]\nserver_name = 'a.nl'\nlisten = '10.0.0.1:80'", "without a certificate"),
        ("[access]\nserver_name = 'a.nl'\nlisten = '[::1]:x'", "line 6: listen cannot be this: it ends in"),
        ("[access]\nserver_name = 'a.nl'\nlisten = 'host:80'", "line 6: listen cannot be this"),
    ],
)
def test_a_setting_that_cannot_be_says_what_and_where(tmp_path, text, says) -> None:
    with pytest.raises(UsageError) as caught:
        read_access(write(tmp_path, text))
    assert says in caught.value.message
    assert caught.value.advice


def test_a_missing_setting_comes_with_an_example(tmp_path) -> None:
    with pytest.raises(UsageError) as caught:
        read_access(write(tmp_path, "[access]\n"))
    assert caught.value.advice == 'Write it as: server_name = "monitor.example.nl"'


def test_a_setting_of_another_section_is_not_taken_for_it(tmp_path) -> None:
    with pytest.raises(UsageError, match=r"line 9: ketenbureau"):
        read_access(write(tmp_path, "[check]\nketenbureau = 1\n" + LOCAL + "ketenbureau = []"))


@pytest.mark.parametrize("text", [LOCAL, LOCAL + "[access.gemeenten]\n9999 = ['x']"])
def test_a_configuration_for_nobody_or_for_no_gemeente_is_refused(tmp_path, text) -> None:
    with pytest.raises(UsageError, match=r"Nobody may see|No gemeente has"):
        written(write(tmp_path, text))


def test_a_question_without_groups_opens_nothing(tmp_path) -> None:
    text = written(write(tmp_path, LOCAL + "gemeente = ['a&b=c', 'd e']"))
    questions = re.findall(r"oauth2/auth\?(.*)\"", text)
    assert set(questions) == {"allowed_groups=a%26b%3Dc%2Cd%20e&constraints_required=true"}


def test_with_one_edition_the_folder_is_that_of_the_ketenbureau(tmp_path) -> None:
    path = tmp_path / "keten.toml"
    path.write_text(f'[refresh]\ninbox = ["in"]\n{LOCAL}ketenbureau = ["kb"]\ngemeente = ["g"]\n', "utf-8")
    text = written(path)
    assert re.findall(r"alias \"(.*)\"", text) == [f"{tmp_path}/dashboard/"]


def test_a_former_gemeente_is_on_the_web_when_it_has_an_edition(tmp_path) -> None:
    path = write(tmp_path, LOCAL + "gemeente = ['g']")
    assert "gemeente-0001" not in written(path)
    (tmp_path / "dashboard" / "gemeente-0001").mkdir(parents=True)
    assert "location /gemeente-0001/ {" in written(path)


def test_a_path_that_nginx_would_take_otherwise_is_refused(tmp_path) -> None:
    folder = tmp_path / 'a"b'
    folder.mkdir()
    with pytest.raises(UsageError, match="path of the dashboard"):
        written(write(folder, LOCAL + "gemeente = ['g']"))
