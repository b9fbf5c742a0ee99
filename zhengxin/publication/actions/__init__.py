"""The verbs of publication: follow the ledger, fill the board, write the downloads."""

from zhengxin.publication.actions.downloads import write_downloads
from zhengxin.publication.actions.following import clear, follow
from zhengxin.publication.actions.publishing import publish_due

__all__ = ["clear", "follow", "publish_due", "write_downloads"]
