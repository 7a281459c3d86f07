"""``keten-kpi dashboard``: the figures as a folder of pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keten_kpi.cli.options import DB_DEFAULT, Db
from keten_kpi.errors import UsageError

if TYPE_CHECKING:
    from keten_kpi.dashboard import Site

MIN_AANTAL = 10
PORT = 8765


def register(app: typer.Typer) -> None:
    commands = typer.Typer(
        help="The figures as a folder of Dutch pages without script.", no_args_is_help=True, rich_markup_mode=None
    )
    commands.command("build")(build)
    commands.command("preview")(preview)
    commands.command("nginx")(nginx)
    app.add_typer(commands, name="dashboard")


def build(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder; a dashboard that is there is replaced.")],
    voor: Annotated[
        str | None,
        typer.Option("--voor", help="For whom: ketenbureau (all gemeenten by name, default) or gemeente:CODE."),
    ] = None,
    alle: Annotated[
        bool, typer.Option("--alle-gemeenten", help="One folder in OUT for each gemeente, and one for the Ketenbureau.")
    ] = False,
    min_aantal: Annotated[
        int,
        typer.Option("--min-aantal", min=0, metavar="N", help="Hide counts below N, and what would give them away."),
    ] = MIN_AANTAL,
    db: Db = DB_DEFAULT,
) -> None:
    """Build the dashboard: pages, charts and csv files that need no server and ask nothing of any other.

    The same database gives the same bytes. After a failure the dashboard that was there is still whole.
    """
    from keten_kpi.dashboard import KETENBUREAU, Bouw, read_editie
    from keten_kpi.publish import reading

    if alle and voor is not None:
        raise UsageError("--alle-gemeenten makes every edition.", "Leave out --voor.")
    editie = read_editie(voor) if voor else KETENBUREAU
    with reading(db) as con:
        bouw = Bouw(con, min_aantal)
        if not alle:
            _tell(bouw.build(out, editie))
            return
        out.mkdir(parents=True, exist_ok=True)
        for each in bouw.edities:
            _tell(bouw.build(out / each.map, each))


def _tell(site: Site) -> None:
    typer.echo(f"{site.paginas} pages, {site.bytes / 1024:,.0f} KiB. Open {site.map / 'index.html'}")


def preview(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `dashboard build` made.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = PORT,
) -> None:
    """Serve one dashboard on this machine only, for its maker; Ctrl-C ends it."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    if not (folder / "index.html").is_file():
        raise UsageError(f"{folder} holds no dashboard.", "Make one with `keten-kpi dashboard build OUT`.")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=str(folder)))
    except OSError:
        raise UsageError(f"Port {port} is taken.", "Give another with --port.") from None
    with server:
        typer.echo(f"http://127.0.0.1:{server.server_address[1]}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("Ended.")


def nginx(
    config: Annotated[Path, typer.Option("--config", help="The settings; `keten-kpi init` writes an example.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it here; default: print it.")] = None,
) -> None:
    """Write the nginx configuration that shows each edition to those who may see it, and to nobody else.

    Who they are stands under [access] in the settings: groups of whoever signs in through oauth2-proxy. Write it again
    after a change there. It belongs in nginx's http block, as a file in conf.d.
    """
    from keten_kpi.access import list_editions, read_access, write_nginx
    from keten_kpi.refresh import read_config
    from keten_kpi.report import replace_file

    settings, access = read_config(config), read_access(config)
    editions = list_editions(settings, access)
    text = write_nginx(settings, access, editions)
    if out is None:
        typer.echo(text, nl=False)
        return
    replace_file(out, lambda part: part.write_text(text, "utf-8"))
    typer.echo(f"{len(editions):,} editions in {out}. Then: nginx -t && nginx -s reload")
