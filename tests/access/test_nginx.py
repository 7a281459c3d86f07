"""Whoever asks, whatever they type: a page is shown to those who may see it, and to nobody else."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from keten_kpi.cli import app
from keten_kpi.refresh.swap import new_version, swap_in
from tests.access.stand_in import COOKIE, StandIn, serve
from tests.access.web import NAME, NGINX, Web, free_port, running

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
pytestmark = pytest.mark.skipif(not NGINX.exists(), reason=f"there is no nginx at {NGINX}")

ODD = 'Sociaal; domein "$host" {}é'  # what a directory may hold, and nginx would take otherwise
SETTINGS = """
[refresh]
inbox = ["inbox"]
editions = "all"
[access]
server_name = "{name}"
listen = "127.0.0.1:{port}"
oauth2_proxy = "127.0.0.1:{proxy}"
access_log = "toegang.log"
ketenbureau = ["kb"]
gemeente = ["gem-{{code}}", "kb-alle"]
[access.gemeenten]
0518 = ["haag", '{odd}']
"""
STYLE = "p { color: rgb(1, 2, 3) }"
HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
STYLED = f"""<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{HASH}'; img-src 'self' data:">
<link rel="icon" href="data:,"><style>{STYLE}</style></head>
<body><p>Stijl</p><img alt="" src="data:image/gif;base64,{PIXEL}"></body></html>"""
EDITIONS = ("ketenbureau", "gemeente-0384", "gemeente-0518", "gemeente-0363")
SESSIONS = {
    "kb": ("kb",),
    "alle": ("kb-alle",),
    "diemen": ("gem-0384",),
    "haag": ("haag",),
    "amsterdam": ("gem-0363",),
    "twee": ("gem-0384", "haag"),
    "oud": ("gem-0518",),  # replaced by groups of its own
    "leeg": (),
    "lijkt": ("gem-03", "gem-03840", "GEM-0384", "k", "kb-", "gem-{code}"),
    "odd": (ODD,),
}
SEES = {
    "kb": {"ketenbureau"},
    "alle": {"gemeente-0384", "gemeente-0363"},
    "diemen": {"gemeente-0384"},
    "haag": {"gemeente-0518"},
    "amsterdam": {"gemeente-0363"},
    "twee": {"gemeente-0384", "gemeente-0518"},
    "odd": {"gemeente-0518"},
}
FILES = ("index.html", "norm/doorlooptijd.html", "data/norm.csv")
HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


def mark(edition: str) -> bytes:
    return f"GEHEIM-{edition}-".encode()


def fill(folder: Path, turn: str) -> None:
    """A dashboard in which every file tells whose it is; and what lies beside pages and is none."""
    for edition, name in product(EDITIONS, (*FILES, ".keten-kpi-dashboard", "data/.verborgen.csv")):
        path = folder / edition / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mark(edition) + f"{name} {turn}".encode())
    (folder / "ketenbureau" / "stijl.html").write_text(STYLED, "utf-8")
    (folder / "gemeente-0384" / "buiten.html").symlink_to(folder / "gemeente-0518" / "index.html")
    (folder / "gemeente-0384" / "map").symlink_to(folder / "gemeente-0518")
    (folder / "gemeente-9998").mkdir()  # no gemeente: nobody's
    (folder / "gemeente-9998" / "index.html").write_bytes(mark("gemeente-9998"))


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    rules = f"MAP {NAME} 127.0.0.1"
    with sync_playwright() as play:
        opened = play.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", f"--host-resolver-rules={rules}"]
        )
        yield opened
        opened.close()


@dataclass(frozen=True)
class Case:
    folder: Path
    web: Web
    proxy: StandIn


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("web")
    link = folder / "dashboard"
    version = new_version(link)
    fill(version, "een")
    swap_in(link, version)
    (folder / "stijl.html").write_text(STYLED, "utf-8")
    (folder / "keten.duckdb").write_bytes(mark("database"))
    with serve(SESSIONS) as proxy:
        port = free_port()
        text = SETTINGS.format(name=NAME, port=port, proxy=proxy.port, odd=ODD)
        (folder / "keten.toml").write_text(text, "utf-8")
        written = folder / "keten-kpi.conf"
        said = CliRunner().invoke(
            app, ["dashboard", "nginx", "--config", str(folder / "keten.toml"), "--out", str(written)]
        )
        assert said.exit_code == 0, said.output
        with running(folder, written, port) as web:
            yield Case(folder, web, proxy)


def paths(edition: str) -> list[str]:
    return [f"/{edition}/{name}" for name in ("", *FILES)]


@pytest.mark.parametrize("session", [*SESSIONS, "vals", None], ids=str)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_folder_is_shown_to_those_who_may_see_it(case, session, edition) -> None:
    for path in paths(edition):
        answer = case.web.ask(path, session)
        if edition in SEES.get(session, ()):
            assert (answer.status, answer.body.startswith(mark(edition))) == (200, True), path
        else:
            assert answer.status == (404 if session in SESSIONS else 302), path
            assert b"GEHEIM" not in answer.body


HOMES = {
    "kb": "/ketenbureau/",
    "diemen": "/gemeente-0384/",
    "haag": "/gemeente-0518/",
    "amsterdam": "/gemeente-0363/",
    "twee": "/gemeente-0384/",  # the first of both
    "odd": "/gemeente-0518/",
}


@pytest.mark.parametrize("session", [*SESSIONS, "vals", None], ids=str)
def test_the_address_without_a_folder_leads_to_an_edition_that_one_may_see(case, session) -> None:
    answer = case.web.ask("/", session)
    if session in HOMES:
        assert (answer.status, answer.headers["location"]) == (302, HOMES[session])
        assert HOMES[session].strip("/") in SEES[session]
    elif session == "alle":
        assert (answer.status, b"/gemeente-0384/" in answer.body) == (200, True)
    elif session in SESSIONS:
        assert answer.status == 404
        assert answer.body == case.web.ask("/zomaar", session).body
    else:
        assert (answer.status, answer.headers["location"]) == (302, "/oauth2/start?rd=/")


def test_groups_that_the_browser_names_itself_lead_nowhere(case) -> None:
    sent = "X-Auth-Request-Groups: kb\r\n"
    assert case.web.ask("/", "leeg", more=sent).status == 404
    assert case.web.ask("/", more=sent).headers["location"] == "/oauth2/start?rd=/"


def test_who_did_not_sign_in_goes_to_sign_in_and_comes_back(case) -> None:
    answer = case.web.ask("/gemeente-0384/norm/doorlooptijd.html?x=1")
    assert answer.headers["location"] == "/oauth2/start?rd=/gemeente-0384/norm/doorlooptijd.html"
    assert case.web.ask("/oauth2/start?rd=/").headers["location"] == "https://login.example.nl/"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/../gemeente-0384/",
        "/gemeente-0384/%0d%0aSet-Cookie:x=1",
        "/gemeente-0384/x?rd=https://evil.example/",
        "/%67emeente-0384/",
        "http://evil.example/gemeente-0384/",
        "/gemeente-0384/&rd=//evil.example",
        "/gemeente-0384/\\evil.example",
        "/gemeente-0384/#@evil.example",
    ],
)
def test_signing_in_leads_to_our_own_pages_only(case, path) -> None:
    answer = case.web.ask(path)
    assert "set-cookie" not in answer.headers
    if answer.status == 302:
        back = parse_qs(urlsplit(answer.headers["location"]).query)["rd"]
        assert answer.headers["location"].startswith("/oauth2/start?rd=/")
        assert "evil" not in answer.headers["location"] or back == ["/gemeente-0384/x"]
        assert not back[0].startswith("//")


ODD_PATHS = [
    "/gemeente-0384/../gemeente-0518/index.html",
    "/gemeente-0384/%2e%2e/gemeente-0518/index.html",
    "/gemeente-0384/%2e%2e%2fgemeente-0518%2findex.html",
    "/gemeente-0384/..%2fgemeente-0518/index.html",
    "/gemeente-0384/%252e%252e/gemeente-0518/index.html",
    "/gemeente-0384/..;/gemeente-0518/index.html",
    "/gemeente-0384/..%3b/gemeente-0518/index.html",
    "/gemeente-0384/.%00./gemeente-0518/index.html",
    "/gemeente-0384/index.html%00/../../gemeente-0518/index.html",
    "/gemeente-0384/..\\gemeente-0518\\index.html",
    "/gemeente-0384/..%5cgemeente-0518%5cindex.html",
    "/gemeente-0384/..%c0%afgemeente-0518/index.html",
    "/gemeente-0384/%uff0e%uff0e/gemeente-0518/index.html",
    "/gemeente-0384../gemeente-0518/index.html",
    "/gemeente-0384..%2fgemeente-0518/index.html",
    "/gemeente-0384//../gemeente-0518/index.html",
    "/gemeente-0384/./../gemeente-0518/./index.html",
    "/gemeente-0384/norm/../../gemeente-0518/index.html",
    "//gemeente-0518/index.html",
    "/gemeente-0518//index.html",
    "/%67emeente-0518/index.html",
    "/gemeente%2d0518/index.html",
    "/gemeente-0518%2findex.html",
    "/gemeente-0518/index.html%20",
    "/gemeente-0518/index.html.",
    "/gemeente-0518./index.html",
    "/gemeente-0518;/index.html",
    "/gemeente-0518/;/index.html",
    "/GEMEENTE-0518/index.html",
    "/Gemeente-0518/Index.html",
    "/gemeente-0518/index.html?allowed_groups=gem-0384",
    "/gemeente-0518/index.html?/gemeente-0384/",
    "/gemeente-0518/index.html#/gemeente-0384/",
    "/gemeente-0384/buiten.html",
    "/gemeente-0384/map/index.html",
    "/gemeente-0384/map/",
    "/gemeente-0384/.keten-kpi-dashboard",
    "/gemeente-0384/data/.verborgen.csv",
    "/gemeente-0384/%2eketen-kpi-dashboard",
    "/gemeente-0384/../../keten.duckdb",
    "/gemeente-0384/%2e%2e/%2e%2e/keten.duckdb",
    "/../keten.duckdb",
    "/keten.duckdb",
    "/gemeente-9998/index.html",
    "/gemeente-9999/index.html",
    "/dashboard.versions/",
    "/ketenbureau/../gemeente-0518/",
    "/_auth/gemeente-0518",
    "/_auth/session",
    "/_auth/../gemeente-0518/index.html",
    "/oauth2/../gemeente-0518/index.html",
    "/oauth2/auth",
    "/oauth2/auth?allowed_groups=gem-0384",
    "/oauth2/%61uth",
    "/oauth2//auth",
    "/oauth2/start/../auth",
    "/oauth2/start/../../gemeente-0518/index.html",
    "/@absent",
    "http://monitor.example.nl/gemeente-0518/index.html",
    "http://monitor.example.nl/gemeente-0384/../gemeente-0518/index.html",
    "http://evil.example/gemeente-0518/index.html",
    "https://monitor.example.nl/gemeente-0518/",
    "gemeente-0518/index.html",
    "*",
    "",
]


@pytest.mark.parametrize("path", ODD_PATHS)
@pytest.mark.parametrize("session", ["diemen", "leeg", "vals", None], ids=str)
def test_no_path_shows_the_folder_of_another(case, session, path) -> None:
    answer = case.web.ask(path, session)
    shown = [edition for edition in (*EDITIONS, "gemeente-9998", "database") if mark(edition) in answer.body]
    assert set(shown) <= SEES.get(session, set())
    assert answer.status in {302, 400, 404, 421}
    assert b"Index of" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "//gemeente-0384//index.html",
        "/%67emeente-0384/%69ndex.html",
        "/gemeente-0518/../gemeente-0384/index.html",
        "/gemeente-0384/norm/%2e%2e/index.html",
        "http://monitor.example.nl/gemeente-0384/index.html",
        "/gemeente-0384/index.html?x=/gemeente-0518/",
    ],
)
def test_another_way_to_write_an_own_page_shows_that_page(case, path) -> None:
    answer = case.web.ask(path, "diemen")
    assert (answer.status, answer.body) == (200, b"GEHEIM-gemeente-0384-index.html een")
    assert case.web.ask(path, "haag").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "MOVE", "get"])
def test_pages_are_only_read(case, method) -> None:
    for session, path in product(("diemen", "haag", None), ("/gemeente-0384/index.html", "/", "/oauth2/start")):
        answer = case.web.ask(path, session, method=method)
        assert answer.status in {400, 405}
        assert b"GEHEIM" not in answer.body


@pytest.mark.parametrize("session", [*SESSIONS, "vals", None], ids=str)
def test_head_tells_no_more_than_get(case, session) -> None:
    for edition in EDITIONS:
        for path in paths(edition):
            get, head = (case.web.ask(path, session, method=method) for method in ("GET", "HEAD"))
            assert (head.status, head.body) == (get.status, b"")


def test_who_may_not_see_cannot_tell_what_is_there(case) -> None:
    asked = ["/gemeente-0518/index.html", "/gemeente-0518/no.html", "/gemeente-0003/", "/gemeente-9999/", "/zomaar"]
    told = {(case.web.ask(path, "diemen").status, case.web.ask(path, "diemen").body) for path in asked}
    assert len(told) == 1
    assert {case.web.ask(path).status for path in asked} == {302}


@pytest.mark.parametrize(
    ("path", "session"),
    [("/gemeente-0384/", "diemen"), ("/gemeente-0384/data/", "diemen"), ("/gemeente-0384/data/norm.csv", "diemen"),
     ("/gemeente-0384/", "haag"), ("/gemeente-0384/", None), ("/", None), ("/", "diemen"), ("/", "alle"),
     ("/.x", None)],
)  # fmt: skip
def test_every_answer_carries_the_security_headers_and_stays_in_no_store(case, path, session) -> None:
    answer = case.web.ask(path, session)
    for name, value in HEADERS.items():
        assert value in answer.headers[name]
    assert not {"etag", "x-auth-request-user", "strict-transport-security"} & set(answer.headers)
    assert answer.headers["server"] == "nginx"


def test_a_page_that_was_seen_is_sent_whole_again(case) -> None:
    changed = case.web.ask("/gemeente-0384/", "diemen").headers["last-modified"]
    assert case.web.ask("/gemeente-0384/", "diemen", more=f"If-Modified-Since: {changed}\r\n").status == 200


@pytest.mark.parametrize(
    ("path", "kind"), [("/gemeente-0384/", "text/html"), ("/gemeente-0384/data/norm.csv", "text/csv")]
)
def test_files_are_what_they_are(case, path, kind) -> None:
    assert case.web.ask(path, "diemen").headers["content-type"] == f"{kind}; charset=utf-8"


def test_a_folder_lists_nothing(case) -> None:
    assert case.web.ask("/gemeente-0384/data/", "diemen").status == 404
    assert case.web.ask("/gemeente-0384/data/", "haag").status == 404


def test_a_folder_without_its_slash_leads_to_itself_for_everybody(case) -> None:
    for path, session in product(("/gemeente-0384", "/gemeente-9999"), ("diemen", "haag", None)):
        answer = case.web.ask(path, session)
        assert (answer.status, answer.headers["location"]) == (302, f"{path}/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "", "monitor.example.nl.evil.example"])
def test_another_name_for_the_host_shows_nothing(case, host) -> None:
    answer = case.web.ask("/gemeente-0384/", "diemen", host=host)
    assert answer.status in {400, 421}
    assert b"GEHEIM" not in answer.body


def test_the_proxy_learns_the_cookie_and_not_what_else_was_sent(case) -> None:
    case.proxy.asked.clear()
    sent = ("Authorization: Bearer x", "X-Forwarded-Uri: /oauth2/start", "X-Auth-Request-Groups: kb")
    more = "".join(f"{line}\r\n" for line in sent)
    assert case.web.ask("/ketenbureau/", "diemen", more=more).status == 404
    path, headers = case.proxy.asked[-1]
    assert path == "/oauth2/auth?allowed_groups=kb&constraints_required=true"
    assert set(headers) == {"Host", "Cookie", "X-Real-IP", "X-Forwarded-For", "Connection"}
    assert headers["Host"] == NAME


def test_a_session_of_many_groups_fits(case) -> None:
    more = f"Cookie: ander={'x' * 20_000}\r\n"
    assert case.web.ask("/gemeente-0384/", "diemen", more=more).status == 200
    assert case.web.ask("/gemeente-0518/", "diemen", more=more).status == 404


def test_the_log_tells_who_saw_what_without_query_strings_and_cookies(case) -> None:
    case.web.ask("/gemeente-0384/index.html?bsn=999990019", "diemen", more="Referer: https://x/?geheim\r\n")
    case.web.ask('/gemeente-0384/"%0a"?bsn=999990019', "haag")
    text = (case.folder / "toegang.log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    seen = {"user": "diemen", "method": "GET", "path": "/gemeente-0384/index.html", "status": 200}
    assert any(seen.items() <= line.items() for line in lines)
    everything = text + (case.folder / "toegang.error.log").read_text("utf-8")
    assert not any(word in everything for word in ("999990019", "geheim", "?", "_oauth2_proxy"))


def test_a_swap_shows_the_new_pages_at_once(case) -> None:
    link = case.folder / "dashboard"
    before = link.resolve()
    version = new_version(link)
    fill(version, "twee")
    swap_in(link, version)
    try:
        assert case.web.ask("/gemeente-0384/", "diemen").body.endswith(b"twee")
        assert case.web.ask("/gemeente-0384/", "haag").status == 404
    finally:
        swap_in(link, before)


def test_without_oauth2_proxy_nobody_sees_anything(case, tmp_path) -> None:
    port = free_port()
    text = SETTINGS.format(name=NAME, port=port, proxy=free_port(), odd=ODD)
    config = case.folder / "zonder.toml"
    config.write_text(text.replace("toegang.log", "zonder.log"), "utf-8")
    said = CliRunner().invoke(app, ["dashboard", "nginx", "--config", str(config), "--out", str(tmp_path / "x.conf")])
    assert said.exit_code == 0
    with running(tmp_path, tmp_path / "x.conf", port) as web:
        for session, edition in product((*SESSIONS, None), EDITIONS):
            answer = web.ask(f"/{edition}/", session)
            assert (answer.status, b"GEHEIM" in answer.body) == (503, False)
        assert web.ask("/oauth2/callback?code=geheim").status == 503
    assert b"geheim" not in b"".join(path.read_bytes() for path in case.folder.glob("zonder*.log"))


@pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl to make a certificate with")
def test_with_a_certificate_it_speaks_tls_and_asks_for_it_from_then_on(tmp_path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", str(tmp_path / "k.pem"), "-out", str(tmp_path / "c.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    keys = '[access]\ncertificate = "c.pem"\ncertificate_key = "k.pem"\n'
    with serve(SESSIONS) as proxy:
        port = free_port()
        text = SETTINGS.format(name=NAME, port=port, proxy=proxy.port, odd=ODD).replace("[access]\n", keys)
        (tmp_path / "keten.toml").write_text(text, "utf-8")
        written = CliRunner().invoke(app, ["dashboard", "nginx", "--config", str(tmp_path / "keten.toml")]).stdout
        (tmp_path / "x.conf").write_text(written, "utf-8")
        trusted = ssl.create_default_context(cafile=str(tmp_path / "c.pem"))
        with running(tmp_path, tmp_path / "x.conf", port, trusted) as web:
            answer = web.ask("/gemeente-0384/")
            assert (answer.status, answer.headers["strict-transport-security"]) == (302, "max-age=31536000")
            assert Web(port).ask("/gemeente-0384/", "alle").status == 400  # without TLS
        assert {headers["X-Forwarded-Proto"] for _, headers in proxy.asked} == {"https"}


@pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no chromium at {CHROMIUM}")
def test_a_page_looks_the_same_behind_it_as_from_a_folder(case, browser) -> None:
    """The policy in the header lets the page's own style and pictures through."""
    page = browser.new_page(extra_http_headers={"Cookie": f"{COOKIE}=kb"})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    looks = []
    for address in (f"http://{NAME}:{case.web.port}/ketenbureau/stijl.html", (case.folder / "stijl.html").as_uri()):
        page.goto(address)
        looks.append(page.evaluate("getComputedStyle(document.querySelector('p')).color"))
        looks.append(page.evaluate("document.querySelector('img').naturalWidth"))
    page.close()
    assert not any("Content Security Policy" in one for one in said), said
    assert looks == ["rgb(1, 2, 3)", 1, "rgb(1, 2, 3)", 1]
