"""The plane of a chart. Across, places are a percentage of its width; down, pixels: so that text keeps its size.

A chart has the width of its column, on a phone and on paper too, and its letters are as large as those around it.
How it looks is in the style of the page; colours never say something that place, form or words do not say as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

Place = tuple[float, float]  # across and up, from 0 to 1

LEFT, RIGHT = 11.0, 98.0  # of the width: the words of the lines stand left of the data
TOP, BOTTOM = 22, 30  # pixels above and below the data: for words
WIDE, NARROW = 11, 5  # how many words fit below the data on a screen, and on a phone


def across(part: float) -> str:
    """A place in the width of the data, from 0 to 1.

    >>> across(0.5)
    '54.5%'
    """
    return f"{round(LEFT + part * (RIGHT - LEFT), 2):g}%"


def down(part: float, height: float) -> str:
    """A place in the height of the data, 0 below and 1 above.

    >>> down(0.25, 200)
    '172'
    """
    return f"{round(TOP + (1 - part) * height, 1):g}"


def words(text: str, x: str, y: str, kind: str = "as", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" text-anchor="{anchor}">{escape(text)}</text>'


def line(x1: str, y1: str, x2: str, y2: str, kind: str) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{kind}"/>'


def grid(marks: Iterable[tuple[float, str]], height: float) -> str:
    """Lines across the plane, each with its word above its left end."""
    found = []
    for part, text in marks:
        y = down(part, height)
        found += [line("0", y, "100%", y, "raster"), words(text, "0", f"{float(y) - 4:g}")]
    return "".join(found)


SHARES = tuple((step / 4, f"{step * 25} %") for step in range(5))


def below(labels: Sequence[str], height: float) -> str:
    """Words below the data, at equal distances; as many as fit, on a phone fewer."""
    return "".join(
        words(text, across((at + 0.5) / len(labels)), down(0, height + 18), kind, "middle")
        for at, text, kind in fitting(labels)
    )


def fitting(labels: Sequence[str]) -> list[tuple[int, str, str]]:
    """Which labels are shown, and of what kind: ``breed`` is left out on a phone."""
    every, narrow = (-(-len(labels) // most) for most in (WIDE, NARROW))
    narrow = -(-narrow // every) * every
    from_last = ((len(labels) - 1 - at, at, text) for at, text in enumerate(labels))  # the last says most
    return [(at, text, "as" if far % narrow == 0 else "as breed") for far, at, text in from_last if far % every == 0]


def shape(paths: str, height: float) -> str:
    """Paths in a plane of 1000 wide and the height of the data, stretched to the width that there is."""
    box = f'x="{LEFT:g}%" y="{TOP}" width="{RIGHT - LEFT:g}%" height="{height:g}" viewBox="0 0 1000 {height:g}"'
    return f'<svg {box} preserveAspectRatio="none">{paths}</svg>'


def path(
    points: Iterable[tuple[float, float]], height: float, kind: str, *, is_closed: bool = False, decimals: int = 1
) -> str:
    """A line, or an area, through points from 0 to 1 in both directions."""
    steps = " ".join(f"{round(x * 1000, decimals):g},{round((1 - y) * height, decimals):g}" for x, y in points)
    return f'<path d="M{steps}{"Z" if is_closed else ""}" class="{kind}"/>'


def strokes(lines: Iterable[tuple[Place, Place]], height: float, kind: str) -> str:
    """Many lines of one kind as one path; a line without a length is a dot."""
    found = (tuple(f"{x * 1000:.0f},{(1 - y) * height:.1f}" for x, y in ends) for ends in lines)
    return f'<path d="{"".join(f"M{start}L{end}" for start, end in found)}" class="{kind}"/>'


def chart(body: str, height: float, title: str, description: str, kind: str = "") -> str:
    """The whole picture: one image with a name and a description."""
    text = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'<svg role="img" class="kaart{kind}" width="100%" height="{height + TOP + BOTTOM:g}">{text}{body}</svg>'


def steps(most: float, wanted: int = 4) -> list[int]:
    """Round numbers from 0 up to at least ``most``.

    >>> steps(34)
    [0, 10, 20, 30, 40]
    """
    raw = max(most / wanted, 1)
    size = 10 ** (len(str(int(raw))) - 1)
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    return list(range(0, int(-(-most // step) * step) + 1, step))
