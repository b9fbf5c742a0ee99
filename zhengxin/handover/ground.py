"""Where the files of the exchange lie, and which peers are described."""

from pathlib import Path

from django.conf import settings

from zhengxin.handover.peers import PeerUnknown, read_peers
from zhengxin.handover.types import Peer


def peers() -> dict[str, Peer]:
    """Every described peer by code. Raises PeerUnreadable."""
    return read_peers([Path(folder) for folder in settings.PEERS_DIRS])


def peer(code: str) -> Peer:
    """One peer. Raises PeerUnknown, PeerUnreadable."""
    found = peers()
    if code not in found:
        raise PeerUnknown(code, sorted(found))
    return found[code]


def outbox(peer_code: str) -> Path:
    """The private folder of what is packed for a peer, one folder a dispatch."""
    return _private(Path(settings.EXCHANGE_DIR) / "outbox" / peer_code)


def unreadable(peer_code: str) -> Path:
    """Where return files that could not be read are kept to be looked at."""
    return _private(Path(settings.EXCHANGE_DIR) / "unreadable" / peer_code)


def local(folder: str) -> Path:
    """A folder of a description: absolute, or below the home."""
    return Path(settings.ZHENGXIN_HOME) / folder


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
