"""Pictures drawn for the project, as SVG images. They repeat the words beside them, so screen readers skip them."""

from base64 import b64encode

_SUN = "#e9a400"
_BLUE = "#3a8fd0"
_LEAF = "#2f8f5b"
_DRY = "#b98a3e"

_FACES = {
    "good": ("#1b7f5c", "M18 33q10 10 20 0"),
    "fair": ("#0b6e8f", "M19 35q9 4 18 0"),
    "poor": ("#9a5b00", "M19 37h18"),
    "bad": ("#b3261e", "M18 39q10-10 20 0"),
}
"""Colour and mouth."""


def face(grade: str) -> str:
    """A face for a comfort grade: good, fair, poor or bad."""
    colour, mouth = _FACES[grade]
    return _svg(
        f'<circle cx="28" cy="28" r="24" fill="none" stroke="{colour}" stroke-width="4"/>'
        f'<circle cx="20" cy="22" r="3" fill="{colour}"/><circle cx="36" cy="22" r="3" fill="{colour}"/>'
        f'<path d="{mouth}" fill="none" stroke="{colour}" stroke-width="4" stroke-linecap="round"/>'
    )


def plant(*, thirsty: bool) -> str:
    """A pot plant: upright and green, or drooping and dry."""
    pot = '<path d="M26 66h28l-4 22H30z" fill="#c4643c"/><path d="M23 60h34v8H23z" fill="#d97b50"/>'
    if thirsty:
        leaves = (
            f'<path d="M40 60q0-22-8-28" fill="none" stroke="{_DRY}" stroke-width="4"/>'
            f'<path d="M32 32q-16 2-18 22q14 0 18-22z" fill="{_DRY}"/>'
            f'<path d="M38 44q16-2 20 14q-14 2-20-14z" fill="{_DRY}"/>'
            f'<path d="M70 16q9 12 0 18q-9-6 0-18z" fill="{_BLUE}"/>'
        )
    else:
        leaves = (
            f'<path d="M40 60V26" stroke="{_LEAF}" stroke-width="4"/>'
            f'<path d="M40 34q-4-20-24-20q2 20 24 20z" fill="{_LEAF}"/>'
            f'<path d="M40 44q4-20 24-20q-2 20-24 20z" fill="#3aa76d"/>'
            f'<circle cx="40" cy="20" r="6" fill="{_SUN}"/>'
        )
    return _svg(leaves + pot, size=96, box=(80, 92))


def _svg(inside: str, size: int = 56, box: tuple[int, int] = (56, 56)) -> str:
    """An image element without words: pages strip bare SVG, and its text says nothing that the page does not."""
    width, height = box
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{inside}</svg>'
    encoded = b64encode(drawn.encode()).decode()
    scale = size / max(box)
    return (
        f'<img alt="" width="{width * scale:.0f}" height="{height * scale:.0f}" '
        f'src="data:image/svg+xml;base64,{encoded}">'
    )
