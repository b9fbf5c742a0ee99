"""Kinds of files that are taken as evidence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PieceKind(TextChoices):
    """What a piece is, by its first bytes and its name."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPG"
    PNG = "png", "PNG"
    DOCX = "docx", "DOCX"
    XLSX = "xlsx", "XLSX"
    TEXT = "txt", _("纯文本")
