"""From the lines that the patterns bring up, one per step that was met, to columns of texts per table.

A line begins with the mark of its step; the rest is what its groups captured. Which message a line is of follows from
the marks: each message ends with the last step of its type, or with mark 0 where no step fits.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product

import polars as pl

from keten_kpi.shred.fast.program import END, ClientEvent, CodesEvent, CountEvent, Event, Program, RowEvent, Step
from keten_kpi.shred.mapping import load_mapping
from keten_kpi.standaard.schemas import Berichttype

CELL = "\x1f"  # between what the groups of a step captured
CREDIT = "C"
PERSON = ("bsn", "geboortedatum", "geslacht")
_NOBODY = pl.DataFrame(schema={"bericht_nr": pl.Int64, **dict.fromkeys(PERSON, pl.String)})
_AS_IT_IS = pl.QueryOptFlags.none()  # to look for something to optimise takes longer than it saves
_LEAF = r">[^<]+</"  # the text of each leaf of a run, with the ends of its tags


@dataclass(frozen=True, slots=True)
class Form:
    """What an event brings up, as one and the same thing in steps of several types; ``place`` is its place in the step.

    ``cells``: which group holds which slot ("column" or "column:teken"). ``once``: its class stands once in a message.
    """

    place: int
    table: str = ""
    soort: str = ""
    cells: tuple[tuple[str, int], ...] = ()
    carrier: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """What a step brings up; steps of several types are alike in this."""

    rows: tuple[Form, ...] = ()
    codes: tuple[Form, ...] = ()
    clients: tuple[Form, ...] = ()
    counts: tuple[Form, ...] = ()

    @classmethod
    def of(cls, step: Step, repeated: Collection[str]) -> Layout:
        """``repeated``: the classes of which a message may have several, which are counted."""
        found: dict[str, list[Form]] = {"rows": [], "codes": [], "clients": [], "counts": []}
        for place, event in enumerate(step.events):
            if not isinstance(event, CountEvent) or event.name in repeated:
                name, form = _form(place, event, repeated)
                found[name].append(form)
        return cls(**{name: tuple(forms) for name, forms in found.items()})

    @property
    def is_counted(self) -> bool:
        return bool(self.counts) or any(not form.once for form in self.codes)


def _form(place: int, event: Event, repeated: Collection[str]) -> tuple[str, Form]:
    if isinstance(event, RowEvent):
        return "rows", Form(place, event.table, event.element, tuple(event.groups.items()))
    if isinstance(event, CodesEvent):
        cells, once = ((event.column, event.group),), event.carrier not in repeated
        return "codes", Form(place, event.table, event.element, cells, event.carrier, once)
    if isinstance(event, CountEvent):
        return "counts", Form(place, cells=() if event.marker is None else (("", event.marker),), carrier=event.name)
    return "clients", Form(place, cells=_person(event))


@dataclass(slots=True)
class Marks:
    """The marks of all steps: what each brings up, and which may follow which. Mark 0 is of what is no step."""

    kinds: list[Berichttype | None] = field(default_factory=lambda: [None])
    layouts: dict[Layout, int] = field(default_factory=lambda: {Layout(): 0})  # numbered in this order
    groups: int = 0
    _layout_of: list[int] = field(default_factory=lambda: [0])
    _firsts: dict[Berichttype, int] = field(default_factory=dict)
    _ends: set[int] = field(default_factory=lambda: {0})
    _follows: set[tuple[int, int]] = field(default_factory=set)
    _frame: pl.DataFrame | None = None
    _pairs: pl.Series | None = None

    def add(self, berichttype: Berichttype, program: Program) -> int:
        """The mark of the first step of this type; its steps are the same in every style."""
        if berichttype not in self._firsts:
            self._firsts[berichttype] = first = len(self.kinds)
            self.kinds += [berichttype] * len(program.steps)
            self.groups = max(self.groups, program.groups)
            self._ends.add(first + len(program.steps) - 1)
            self._follows |= {(first + one, first + other) for one, other in program.follows}
            layouts = [Layout.of(step, program.repeated) for step in program.steps]
            self._layout_of += [self.layouts.setdefault(layout, len(self.layouts)) for layout in layouts]
            self._frame = self._pairs = None
        return self._firsts[berichttype]

    @property
    def frame(self) -> pl.DataFrame:
        """Of each mark: its layout, whether it ends a message or tells of a client, and its message type."""
        if self._frame is None:
            kinds, telling = self.kinds, {number for layout, number in self.layouts.items() if layout.clients}
            self._frame = pl.DataFrame(
                {
                    "is_end": [mark in self._ends for mark in range(len(kinds))],
                    "layout": pl.Series(self._layout_of, dtype=pl.UInt16),
                    "tells": [layout in telling for layout in self._layout_of],
                    "wet": [kind and kind.wet for kind in kinds],
                    "berichttype": [kind and kind.code for kind in kinds],
                    "release": [kind and kind.release for kind in kinds],
                }
            )
        return self._frame

    def facts(self, *names: str) -> list[pl.Expr]:
        """What ``frame`` tells of the mark of a line."""
        return [pl.lit(self.frame[name]).gather("mark").alias(name) for name in names]

    @property
    def pairs(self) -> pl.Series:
        """Of each pair of marks, the first times the number of marks and the second, whether they may stand so."""
        if self._pairs is None:
            number = len(self.kinds)
            allowed = [False] * number**2
            for one, other in self._follows | set(product(self._ends, self._firsts.values())):
                allowed[one * number + other] = True
            self._pairs = pl.Series(allowed)
        return self._pairs


def _person(event: ClientEvent) -> tuple[tuple[str, int], ...]:
    return tuple((name, group) for name, group in zip(PERSON, event.groups, strict=True) if group is not None)


@dataclass(frozen=True, slots=True)
class Texts:
    """What a series of messages brought up: per table a row for each, in no order, its mapped columns as text.

    ``bericht_nr`` is the place of the message in the series, ``client_nr`` that of its client in ``clients``:
    each different bsn, geboortedatum and geslacht, as the messages have them, in the order in which they come, with the
    place of the first message. ``taken`` are the places of the messages that all of this is of.
    """

    tables: dict[str, pl.DataFrame]
    clients: pl.DataFrame
    taken: list[int]

    @classmethod
    def none(cls) -> Texts:
        return cls({}, _NOBODY, [])

    def of(self, place: int) -> Texts:
        """What one message brought up."""
        tables = {name: rows.filter(pl.col("bericht_nr") == place) for name, rows in self.tables.items()}
        return Texts({name: rows for name, rows in tables.items() if len(rows)}, self.clients, [place])


def read_lines(content: bytes, places: Sequence[int], marks: Marks) -> Texts:
    """What these lines bring up of messages that are whole; ``places``: of each message in them, in their order."""
    lines = _parsed(content, marks)
    if lines["is_end"].sum() != len(places):
        return Texts.none()  # cannot be, and nothing may be taken on it
    broken = lines["bericht"].filter(~lines["fits"]).unique()
    whole = pl.repeat(True, len(places), eager=True).scatter(broken, False)
    message = pl.DataFrame({"bericht_nr": pl.Series(places, dtype=pl.Int64), "is_whole": whole})
    nr, is_whole = (pl.lit(message[name]).gather("bericht").alias(name) for name in message.columns)
    layout = pl.when(is_whole).then("layout").otherwise(0).alias("layout")
    told = lines.lazy().with_columns(nr, layout, pl.col("tells") & is_whole)
    taken = message["bericht_nr"].filter(whole).to_list()
    return _Brought(_asked(told), marks).texts(taken)


def _asked(query: pl.LazyFrame) -> pl.DataFrame:
    return query.collect(optimizations=_AS_IT_IS, engine="in-memory")


def _parsed(content: bytes, marks: Marks) -> pl.DataFrame:
    """Of each line its cells, what its mark tells, and its own number and that of its message, both from 0."""
    cells = {str(group): pl.String for group in range(marks.groups)}
    lines = pl.read_csv(
        content,
        has_header=False,
        separator=CELL,
        eol_char=END,
        quote_char=None,
        schema={"mark": pl.UInt32, **cells},
        missing_columns="insert",
    )
    pair = pl.col("mark").shift(1, fill_value=0) * len(marks.kinds) + pl.col("mark")
    fits = pl.lit(marks.pairs).gather(pair).alias("fits")
    end = pl.col("is_end").cast(pl.UInt32)
    own = [(end.cum_sum() - end).alias("bericht"), pl.int_range(pl.len(), dtype=pl.UInt32).alias("regel")]
    return _asked(lines.lazy().with_columns(fits, *marks.facts("is_end", "layout", "tells")).with_columns(own))


class _Brought:
    """Lines of whole messages, and what they bring up."""

    def __init__(self, lines: pl.DataFrame, marks: Marks) -> None:
        self._marks = marks
        present = set(lines["layout"].unique())
        self._layouts = [(layout, number) for layout, number in marks.layouts.items() if number in present]
        self.clients, own = _clients(self._people(lines))
        self._lines = _asked(lines.lazy().with_columns(own).filter(pl.col("layout") != 0))

    def texts(self, taken: list[int]) -> Texts:
        """What they bring up; ``taken``: the places of the messages."""
        by_layout = self._by_layout(self._lines)
        counted = self._by_layout(self._counted())
        rows: dict[str, list[pl.LazyFrame]] = {}
        runs: dict[str, list[pl.LazyFrame]] = {}
        for layout, number in self._layouts:
            for form in layout.rows:
                facts = self._marks.facts("wet", "berichttype", "release") if form.table == "bericht" else []
                rows.setdefault(form.table, []).append(by_layout[number].select(*_row(form), *facts))
            for form in layout.codes:
                lines = by_layout if form.once else counted
                runs.setdefault(form.table, []).append(lines[number].select(_run(form)))
        found = {name: _in_order(parts) for name, parts in rows.items()}
        found |= {name: _leaves(name, _in_order(parts)) for name, parts in runs.items()}
        asked = [_numbered_rows(name, rows) for name, rows in found.items()]
        tables = pl.collect_all(asked, optimizations=_AS_IT_IS, engine="in-memory")
        brought = {name: rows for name, rows in zip(found, tables, strict=True) if len(rows)}
        return Texts(brought, self.clients, taken)

    def _by_layout(self, lines: pl.DataFrame) -> dict[int, pl.LazyFrame]:
        numbers = lines["layout"].unique(maintain_order=True)
        return dict(zip(numbers, (part.lazy() for part in lines.partition_by("layout")), strict=True))

    def _people(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Whom the lines tell of: a row for each line that does."""
        telling = [(number, form) for layout, number in self._layouts for form in layout.clients]
        cells = (
            pl.coalesce(
                [pl.lit(None, pl.String)]
                + [pl.when(pl.col("layout") == number).then(_cell(form, name)) for number, form in telling]
            ).alias(name)
            for name in PERSON
        )
        return _asked(lines.lazy().filter("tells").select("bericht_nr", "bericht", "regel", *cells))

    def _counted(self) -> pl.DataFrame:
        """The lines of classes that may come more than once: of each class how many came so far in its message."""
        layouts = [number for layout, number in self._layouts if layout.is_counted]
        classes = sorted({form.carrier for layout, _ in self._layouts for form in layout.codes if not form.once})
        here = self._lines.lazy().filter(pl.col("layout").is_in(layouts))
        counts = [_so_far(self._is_one(name)).alias(_counter(name)) for name in classes]
        return _asked(here.with_columns(pl.col("bericht").rle_id().alias("reeks")).with_columns(counts))

    def _is_one(self, carrier: str) -> pl.Expr:
        """Whether a line begins a class: 1 or 0."""
        found = pl.lit(False)
        for layout, number in self._layouts:
            for form in layout.counts:
                if form.carrier == carrier:
                    here = pl.col("layout") == number
                    found |= here & pl.col(str(form.cells[0][1])).is_not_null() if form.cells else here
        return found.cast(pl.Int32)


def _so_far(one: pl.Expr) -> pl.Expr:
    """The sum up to each line and in its message alone, which is a ``reeks`` of lines."""
    total = one.cum_sum()
    begins = pl.col("reeks") != pl.col("reeks").shift(1)
    return total - (total - one).filter(begins.fill_null(True)).gather("reeks")


def _clients(people: pl.DataFrame) -> tuple[pl.DataFrame, pl.Expr]:
    """Each different person once; and of a line the place of the last one before or in it in its message."""
    told = people.lazy().filter(pl.col("bsn").is_not_null()).sort("bericht_nr", "regel")
    known = _asked(told.select("bericht_nr", *PERSON).unique(PERSON, keep="first", maintain_order=True))
    number = pl.row_index("client_nr").cast(pl.Int32)
    places = people.lazy().join(
        known.lazy().select(number, *PERSON), on=PERSON, how="left", nulls_equal=True, maintain_order="left"
    )
    last = _asked(places.select("client_nr", "bericht"))
    at = pl.col("tells").cum_sum()  # 0 before the first
    client, bericht = (
        pl.lit(pl.concat([pl.Series(name, [None], last[name].dtype), last[name]])).gather(at) for name in last.columns
    )
    return known, pl.when(bericht == pl.col("bericht")).then(client).alias("client_nr")


def _counter(carrier: str) -> str:
    return f"aantal {carrier}"


@cache
def _row(form: Form) -> list[pl.Expr]:
    """A row of its table from a line."""
    table = load_mapping().table(form.table)
    keys = [pl.col("bericht_nr"), pl.col("regel"), pl.lit(form.place, pl.Int32).alias("plaats")]
    keys += [pl.lit(form.soort).alias("soort")] if table.with_soort else []
    keys += [pl.col("client_nr")] if table.with_client else []
    return [*keys, *(_cell(form, column.name) for column in table.columns)]


@cache
def _run(form: Form) -> list[pl.Expr]:
    """A run of leaves that are rows themselves, from a line."""
    ((column, group),) = form.cells
    return [
        pl.col("bericht_nr"),
        pl.col("regel"),
        pl.lit(form.place, pl.Int32).alias("plaats"),
        pl.lit(form.soort).alias("soort"),
        pl.lit(form.carrier).alias("niveau"),
        (pl.lit(1, pl.Int32) if form.once else pl.col(_counter(form.carrier))).alias("niveau_nr"),
        pl.lit(column).alias("kolom"),
        pl.col(str(group)).alias("leaf"),
    ]


def _leaves(name: str, runs: pl.LazyFrame) -> pl.LazyFrame:
    """A row for each leaf of the runs."""
    table = load_mapping().table(name)
    each = runs.filter(pl.col("leaf").is_not_null()).with_columns(pl.col("leaf").str.extract_all(_LEAF))
    text = pl.col("leaf").str.slice(1).str.head(-2)
    cells = [pl.when(pl.col("kolom") == column.name).then(text).alias(column.name) for column in table.columns]
    keys = [key for key, _ in table.key_columns if key != "regel_nr"]
    return each.explode("leaf").select("regel", "plaats", *keys, *cells)


def _cell(form: Form, column: str) -> pl.Expr:
    """The text of a column; an amount with its sign."""
    groups = dict(form.cells)
    if column not in groups:
        return pl.lit(None, pl.String).alias(column)
    text = pl.col(str(groups[column]))
    sign = groups.get(f"{column}:teken")
    if sign is not None:
        text = pl.when(pl.col(str(sign)) == CREDIT).then("-" + text).otherwise(text)
    return text.alias(column)


def _in_order(parts: Sequence[pl.LazyFrame]) -> pl.LazyFrame:
    """All rows of a table in the order of the document."""
    return parts[0] if len(parts) == 1 else pl.concat(parts).sort("regel", "plaats", maintain_order=True)


def _numbered_rows(name: str, rows: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with their place among those of their message, which stand together."""
    if name == "bericht":
        return rows
    run = pl.col("bericht_nr").rle().struct.field("len").cast(pl.Int32)
    return rows.with_columns(regel_nr=pl.int_ranges(1, run + 1, dtype=pl.Int32).explode())
