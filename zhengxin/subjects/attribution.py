"""Reads from the register what bears on a set of mentions, and asks the rules. A few queries for any number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from zhengxin.subjects import rules
from zhengxin.subjects.enums import NameKind, SubjectKind
from zhengxin.subjects.models import Judgement, Name, Subject, Succession, Unit
from zhengxin.subjects.types import Attribution, DatedName, Follower, Found, Judged, Known, Mention

# Values in one IN (...): below the variable limit of any SQLite build.
_CHUNK = 900
_SUBJECT_COLUMNS = ("id", "kind", "name", "folded", "uscc", "id_hash", "natural_person")


def attribute(mentions: Sequence[Mention], on: date) -> list[Attribution]:
    """One verdict per mention, in order; a mention's own day goes before `on`.

    Set-based: the number of queries grows with the number of distinct mentions / 900.
    """
    register = _Register(mentions)
    return [
        rules.attribute(mention, register.found(mention), mention.on or on) for mention in mentions
    ]


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values) - {""})
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


class _Register:
    """The part of the register that a set of mentions touches, read once."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._known: dict[int, Known] = {}
        self._by_code: dict[str, int] = {}
        self._by_hash: dict[str, int] = {}
        self._by_name: defaultdict[str, set[int]] = defaultdict(set)
        self._judged: dict[str, Judged] = {}
        self._read_subjects(mentions)
        self._read_judgements(mentions)

    def found(self, mention: Mention) -> Found:
        """What bears on one mention."""
        by_code = None if mention.id_hash else self._by_code.get(mention.identifier)
        by_hash = self._by_hash.get(mention.id_hash) if mention.id_hash else None
        named = self._by_name.get(mention.folded, ())
        return Found(
            by_code=self._known[by_code] if by_code else None,
            by_hash=self._known[by_hash] if by_hash else None,
            by_name=tuple(self._known[subject_id] for subject_id in sorted(named)),
            judged=self._judged.get(mention.key),
        )

    def _read_subjects(self, mentions: Sequence[Mention]) -> None:
        named = {mention.folded for mention in mentions}
        codes = {mention.identifier for mention in mentions if not mention.id_hash}
        hashes = {mention.id_hash for mention in mentions}
        people = {SubjectKind.PERSON}
        for chunk in _chunks(codes):
            self._take(Subject.objects.filter(uscc__in=chunk))
        for chunk in _chunks(hashes):
            self._take(Subject.objects.filter(id_hash__in=chunk))
        for chunk in _chunks(named):
            self._take(Subject.objects.filter(folded__in=chunk).exclude(kind__in=people))
            self._take(Subject.objects.filter(names__folded__in=chunk).distinct())
            # Whether a person of that name exists matters only to the wording: one flag is enough.
            for folded in (
                Subject.objects.filter(folded__in=chunk, kind__in=people)
                .values_list("folded", flat=True)
                .distinct()
            ):
                self._by_name[folded].add(_SOMEBODY.subject_id)
        self._known[_SOMEBODY.subject_id] = _SOMEBODY
        self._add_dated_names()
        self._add_units()

    def _take(self, rows: QuerySet[Subject]) -> None:
        for pk, kind, name, folded, uscc, id_hash, natural in rows.values_list(*_SUBJECT_COLUMNS):
            if pk in self._known:
                continue
            current = DatedName(text=name, folded=folded, kind=NameKind.OFFICIAL)
            self._known[pk] = Known(
                subject_id=pk,
                name=name,
                uscc=uscc or "",
                names=(current,),
                is_unit=kind == SubjectKind.UNIT,
                is_person=natural,
            )
            if uscc:
                self._by_code[uscc] = pk
            if id_hash:
                self._by_hash[id_hash] = pk
            if not natural:
                self._by_name[folded].add(pk)

    def _add_dated_names(self) -> None:
        names: defaultdict[int, list[DatedName]] = defaultdict(list)
        ids = [str(pk) for pk in self._known if pk != _SOMEBODY.subject_id]
        for chunk in _chunks(ids):
            for pk, text, folded, kind, since, until in Name.objects.filter(
                subject_id__in=[int(each) for each in chunk]
            ).values_list("subject_id", "text", "folded", "kind", "valid_from", "valid_to"):
                names[pk].append(DatedName(text, folded, kind, since, until))
        for pk, dated in names.items():
            known = self._known[pk]
            registered = any(name.folded == known.names[0].folded for name in dated)
            names_of = tuple(dated) if registered else (*known.names, *dated)
            self._known[pk] = replace(known, names=names_of)
            for name in dated:
                if not known.is_person:
                    self._by_name[name.folded].add(pk)

    def _add_units(self) -> None:
        units = {pk for pk, known in self._known.items() if known.is_unit}
        if not units:
            return
        after, before = _followers()
        for pk, opened_on, closed_on in Unit.objects.values_list(
            "subject_id", "opened_on", "closed_on"
        ):
            if pk in units:
                self._known[pk] = replace(
                    self._known[pk],
                    opened_on=opened_on,
                    closed_on=closed_on,
                    successors=after.get(pk, ()),
                    predecessors=before.get(pk, ()),
                )

    def _read_judgements(self, mentions: Sequence[Mention]) -> None:
        for chunk in _chunks(mention.key for mention in mentions):
            standing = Judgement.objects.filter(mention__in=chunk, superseded_by__isnull=True)
            for mention, subject_id, because, by, at, person in standing.order_by("id").values_list(
                "mention",
                "subject_id",
                "because",
                "decided_by_name",
                "decided_at",
                "subject__natural_person",
            ):
                self._judged[mention] = Judged(
                    subject_id, because, by, timezone.localdate(at), bool(person)
                )


# Stands for "a natural person of that name exists" without reading who.
_SOMEBODY = Known(subject_id=0, name="", uscc="", names=(), is_person=True)


def _followers() -> tuple[Mapping[int, tuple[Follower, ...]], Mapping[int, tuple[Follower, ...]]]:
    """Successors and predecessors of every unit; the table has a few dozen rows."""
    after: defaultdict[int, tuple[Follower, ...]] = defaultdict(tuple)
    before: defaultdict[int, tuple[Follower, ...]] = defaultdict(tuple)
    for old, old_name, new, new_name, confirmed_at in (
        Succession.objects.filter(successor__isnull=False)
        .order_by("id")
        .values_list(
            "predecessor_id",
            "predecessor__subject__name",
            "successor_id",
            "successor__subject__name",
            "confirmed_at",
        )
    ):
        confirmed = confirmed_at is not None
        after[old] += (Follower(new, new_name, confirmed),)
        before[new] += (Follower(old, old_name, confirmed),)
    return after, before
