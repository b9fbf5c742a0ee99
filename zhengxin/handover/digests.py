"""Keyed digests of rows: without the key nobody can try likely values on what is kept."""

import hmac
import unicodedata
from collections.abc import Mapping

from zhengxin.ledger.keys import pepper


class RowDigests:
    """Digests under the house's key, read once."""

    def __init__(self) -> None:
        self._key = pepper()

    def record(self, document: str, party: str) -> int:
        """63 bits of how return files name a record: document number and party, spaces and widths folded."""
        words = "\x1f".join(("handover", _folded(document), _folded(party)))
        digest = hmac.digest(self._key, words.encode(), "sha256")
        return int.from_bytes(digest[:8], "big") >> 1

    def content(self, values: Mapping[str, str]) -> bytes:
        """32 bytes of a whole row in the order of its columns."""
        return hmac.digest(self._key, "\x1f".join(values.values()).encode(), "sha256")


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
