"""Kinds of subjects, units, names, successions and identity verdicts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubjectKind(TextChoices):
    """What a credit subject is."""

    UNIT = "unit", _("机关单位")
    ENTERPRISE = "enterprise", _("企业")
    INDIVIDUAL_BUSINESS = "individual_business", _("个体工商户")
    COOPERATIVE = "cooperative", _("农民专业合作社")
    ORGANISATION = "organisation", _("其他组织")
    PERSON = "person", _("自然人")


class UnitKind(TextChoices):
    """Kinds of units named in the plan."""

    GOVERNMENT = "government", _("县政府")
    DEPARTMENT = "department", _("部门")
    PARTY_BODY = "party_body", _("党委部门")
    SUPERVISORY = "supervisory", _("监察、司法机关")
    INSTITUTION = "institution", _("事业单位")
    TOWN = "town", _("镇")
    SUBDISTRICT = "subdistrict", _("街道办事处")
    STATE_FARM = "state_farm", _("农牧场")
    DEVELOPMENT_ZONE = "development_zone", _("开发园区管委会")


class NameKind(TextChoices):
    """How a name belongs to a subject."""

    OFFICIAL = "official", _("正式名称")
    SHORT = "short", _("简称")
    FORMER = "former", _("曾用名")
    ALIAS = "alias", _("别称")


class SuccessionKind(TextChoices):
    """How one unit followed another."""

    RENAMED = "renamed", _("更名")
    MERGED = "merged", _("并入")
    SPLIT = "split", _("分设")
    ABOLISHED = "abolished", _("撤销")


class Certainty(TextChoices):
    """How sure an attribution is."""

    CERTAIN = "certain", _("确定")
    UNSURE = "unsure", _("待核")
    NONE = "none", _("无法对应")
