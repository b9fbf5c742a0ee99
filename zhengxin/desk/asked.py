"""What an address asks for: numbers of its query string."""

from django.http import HttpRequest

# No number of the program has more digits (it would not fit into a column).
_DIGITS = 18


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the query string, or None when absent, not one, or too long."""
    text = request.GET.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
