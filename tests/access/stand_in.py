"""What oauth2-proxy answers on ``/oauth2/auth``, as its documentation says: 401 without a session, 403 in none of the
groups asked for, 202 otherwise; with ``constraints_required`` and no groups, 403.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

COOKIE = "_oauth2_proxy"


@dataclass
class StandIn:
    """``groups`` per session; ``asked`` has the path and headers of each request."""

    groups: dict[str, tuple[str, ...]]
    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def _verdict(groups: tuple[str, ...] | None, query: dict[str, list[str]]) -> int:
    if groups is None:
        return 401
    allowed = {name for value in query.get("allowed_groups", ()) for name in value.split(",") if name}
    if not allowed:
        return 403 if query.get("constraints_required") == ["true"] else 202
    return 202 if allowed & set(groups) else 403


@contextmanager
def serve(groups: dict[str, tuple[str, ...]]) -> Iterator[StandIn]:
    told = StandIn(groups)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, dict(self.headers)))
            url, cookie = urlsplit(self.path), SimpleCookie(self.headers.get("Cookie", ""))
            session = cookie[COOKIE].value if COOKIE in cookie else ""
            if url.path == "/oauth2/auth":
                self.send_response(_verdict(told.groups.get(session), parse_qs(url.query)))
                self.send_header("X-Auth-Request-User", session)
                if session in told.groups:
                    self.send_header("X-Auth-Request-Groups", ",".join(told.groups[session]).encode().decode("latin-1"))
            elif url.path == "/oauth2/start":
                self.send_response(302)
                self.send_header("Location", "https://login.example.nl/")
            else:
                self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
