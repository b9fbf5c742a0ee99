"""Several parties in one cell. Pure."""

_OPEN, _CLOSE = "（(【[〔〈《“", "）)】]〕〉》”"


def split_parties(cell: str, separator: str) -> list[tuple[str, int]]:
    """The names in `cell` with, for each, which occurrence of that name in the cell it is (from 1).

    Separators inside brackets or quotes belong to the name; unbalanced brackets split all the same.
    Two people masked alike stay two.
    """
    names = _split(cell, separator, minding=True)
    seen: dict[str, int] = {}
    found: list[tuple[str, int]] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append((name, seen[name]))
    return found


def _split(cell: str, separator: str, *, minding: bool) -> list[str]:
    depth, current, names = 0, "", []
    for char in cell:
        if char in _OPEN and minding:
            depth += 1
        elif char in _CLOSE and minding:
            depth -= 1
        if char in separator and depth <= 0:
            names.append(current)
            current = ""
        else:
            current += char
    names.append(current)
    if minding and depth > 0:
        return _split(cell, separator, minding=False)
    return [name.strip() for name in names if name.strip()]
