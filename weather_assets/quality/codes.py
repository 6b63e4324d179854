"""Codes (cloud form, state of ground, phenomena) in one spelling, as SQL expressions.

Files that went through a spreadsheet write 5.0 for 05 and 4019.0 for 4019; services write `-` or -9 for none.
"""

from weather_assets.elements import TextElement

_PAIR = 2


def code_sql(element: TextElement) -> str:
    """The code in one spelling (5, 05 or 4019, ScAs), NULL for what is no code of this kind."""
    if not element.digits:
        return f"nullif(regexp_extract({element.code}, '^\\s*([A-Za-z]+)\\s*$', 1), '')"
    digits = f"nullif(regexp_extract({element.code}, '^\\s*(\\d+)(\\.0*)?\\s*$', 1), '')"
    if element.digits == _PAIR:
        return f"repeat('0', length({digits}) % {_PAIR}) || {digits}"
    return f"CAST(try_cast({digits} AS UBIGINT) AS VARCHAR)"
