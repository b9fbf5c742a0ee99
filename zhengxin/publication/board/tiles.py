"""Names of files in a tiled log (C2SP tlog-tiles). Pure."""

from collections.abc import Iterator

TILE = 256
TILE_HEIGHT = 8


def tile_path(level: int, index: int, width: int = TILE) -> str:
    """tile/<level>/<index>[.p/<width>], the index in groups of three digits: x001/x234/067."""
    path = f"{index % 1000:03d}"
    while index := index // 1000:
        path = f"x{index % 1000:03d}/{path}"
    return f"tile/{level}/{path}" + (f".p/{width}" if width < TILE else "")


def tile_paths(size: int) -> Iterator[str]:
    """Every tile of a tree of `size` leaves, the highest level first."""
    for level in range(size.bit_length() // TILE_HEIGHT, -1, -1):
        full, rest = divmod(size >> TILE_HEIGHT * level, TILE)
        for index in range(full):
            yield tile_path(level, index)
        if rest:
            yield tile_path(level, full, rest)
