"""New subjects for identifiers nobody has used before, in bulk and safe against a second process."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengxin.kernel.actor import Actor
from zhengxin.kernel.names import fold_name
from zhengxin.kernel.refused import Refused
from zhengxin.kernel.say import say
from zhengxin.kernel.uscc import check_uscc
from zhengxin.subjects.enums import SubjectKind
from zhengxin.subjects.models import Judgement, Subject
from zhengxin.subjects.rules import looks_like_a_person
from zhengxin.subjects.types import Mention, identifies, is_id_hash

_CHUNK = 900
_KIND_BY_PREFIX = {
    "91": SubjectKind.ENTERPRISE,
    "92": SubjectKind.INDIVIDUAL_BUSINESS,
    "93": SubjectKind.COOPERATIVE,
}


class IdentifierTaken(Refused):
    """The code or identity number is another name's in the register."""


def establish(*, mentions: Sequence[Mention], at: datetime, actor: Actor) -> dict[str, int]:
    """Make a subject for each valid code or ID hash that has none; returns subject ids by mention key.

    Short transactions. Left out are mentions without a valid code or hash, and those whose code or
    hash already belongs to another name: they wait for a person. Of several names for one new code
    the first mentioned is registered.
    """
    wanted = {
        mention.identifier: mention
        for mention in reversed(mentions)
        if mention.folded and _kind(mention.identifier) is not None
    }
    identifiers = list(reversed(wanted))
    registered: dict[str, tuple[int, str]] = {}
    for start in range(0, len(identifiers), _CHUNK):
        chunk = identifiers[start : start + _CHUNK]
        with transaction.atomic():
            Subject.objects.bulk_create(
                [_subject(wanted[identifier], at) for identifier in chunk], ignore_conflicts=True
            )
            for column in ("uscc", "id_hash"):
                rows = Subject.objects.filter(**{f"{column}__in": chunk})
                for identifier, pk, folded in rows.values_list(column, "id", "folded"):
                    registered[str(identifier)] = (pk, folded)
    found: dict[str, int] = {}
    for mention in mentions:
        pk, folded = registered.get(mention.identifier, (None, ""))
        if pk is not None and folded == mention.folded:
            found[mention.key] = pk
    return found


def establish_by_judgement(
    *, mention: str, mention_text: str, at: datetime, actor: Actor, person: bool = False
) -> int:
    """A new subject because somebody decided so; returns its id.

    `mention` is a mention key. A valid code or hash is kept with the subject. With `person` the name
    is a natural person's, whatever code was written beside it. Without code and hash, a name that is
    not plainly a body's is entered as a person's as well, and so stays unpublished: each time a
    subject of its own, because people share names. Raises IdentifierTaken.
    """
    identifier = mention.rpartition("|")[2]
    name = mention_text.strip()
    kind = _kind(identifier)
    if kind is None or (person and kind is not SubjectKind.PERSON):
        return _without_identifier(
            mention, name, natural_person=person or looks_like_a_person(name), at=at
        )
    hashed = kind is SubjectKind.PERSON
    seen = Mention(
        name=name, code="" if hashed else identifier, id_hash=identifier if hashed else ""
    )
    with transaction.atomic():
        Subject.objects.bulk_create([_subject(seen, at)], ignore_conflicts=True)
        holder = Subject.objects.get(**{"id_hash" if hashed else "uscc": identifier})
        if seen.folded != holder.folded and not holder.names.filter(folded=seen.folded).exists():
            raise IdentifierTaken(
                say("没有新立主体：这个号码已经登记在“{name}”名下。", name=holder.name)
                if hashed
                else say("没有新立主体：这个代码已经登记在“{name}”名下。", name=holder.name),
                say("一个号码只有一个主体，照此新立会把记录记到它的档案里。"),
                say("是它的，请选它；号码录错的，请退给报送单位改正。"),
            )
        return holder.pk


def _without_identifier(mention: str, name: str, *, natural_person: bool, at: datetime) -> int:
    """A subject known by a judgement alone.

    One that the standing judgement made already is kept, but for a person whom nothing but the name tells
    from others.
    """
    alone = natural_person and not identifies(mention.rpartition("|")[2])
    standing = Judgement.objects.filter(
        mention=mention,
        superseded_by__isnull=True,
        subject__natural_person=natural_person,
        subject__uscc__isnull=True,
        subject__id_hash__isnull=True,
        subject__unit__isnull=True,
        subject__folded=fold_name(name)[:200],
    )
    for pk in () if alone else standing.values_list("subject_id", flat=True):
        assert pk is not None
        return pk
    return Subject.objects.create(
        kind=SubjectKind.PERSON if natural_person else SubjectKind.ORGANISATION,
        name=name[:200],
        folded=fold_name(name)[:200],
        natural_person=natural_person,
        created_at=at,
    ).pk


def _kind(identifier: str) -> SubjectKind | None:
    """The kind an identifier implies; None when it is no valid code and no ID hash."""
    if is_id_hash(identifier):
        return SubjectKind.PERSON
    if not check_uscc(identifier).ok:
        return None
    return _KIND_BY_PREFIX.get(identifier[:2], SubjectKind.ORGANISATION)


def _subject(mention: Mention, at: datetime) -> Subject:
    kind = _kind(mention.identifier)
    assert kind is not None
    person = kind is SubjectKind.PERSON
    return Subject(
        kind=kind,
        name=mention.name.strip()[:200],
        folded=mention.folded[:200],
        uscc=None if person else mention.identifier,
        id_hash=mention.identifier if person else None,
        natural_person=person,
        created_at=at,
    )
