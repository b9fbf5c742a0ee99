"""Names as they are compared: one spelling for width, spaces, brackets, dots and letter case.

Folding is for comparing and searching only; the name as written is kept beside it. Rare characters,
also those outside the basic plane, pass through unchanged.
"""

import unicodedata

MIDDLE_DOT = "·"
_TO_DOT = {ord(dot): MIDDLE_DOT for dot in "·•・．.‧∙⋅●･᛫․﹒"}
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def fold_name(text: str) -> str:
    """`text` with NFKC forms, no spaces or invisible marks, half-width brackets, `·`, lower case.

    `（）` become `()`, every middle-dot variant (also `.`) becomes `·`, variation selectors go.
    """
    dotted = text.translate(_TO_DOT)
    compatible = unicodedata.normalize("NFKC", dotted).casefold()
    folded = unicodedata.normalize("NFKC", compatible)
    # Nearly every name: nothing in it is a space, a mark that is not seen or a selector.
    if folded.isprintable() and " " not in folded and max(folded, default="") < "\ufe00":
        return folded
    kept = [
        char
        for char in folded
        if unicodedata.category(char) not in _DROPPED_CATEGORIES
        and not _is_variation_selector(char)
    ]
    return "".join(kept)


def name_grams(text: str) -> set[str]:
    """Pairs of neighbouring characters of the folded `text`; a single character stands alone."""
    folded = fold_name(text)
    if len(folded) < 2:
        return {folded} if folded else set()
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
