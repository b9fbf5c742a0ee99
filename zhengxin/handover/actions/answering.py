"""What the peer said of our lines: matched, kept once, contradictions shown."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengxin.archive.changes import chunks
from zhengxin.handover.actions.following import evaluate_lines
from zhengxin.handover.digests import RowDigests
from zhengxin.handover.enums import AnswerVerdict, DispatchState
from zhengxin.handover.manifests import check_signature
from zhengxin.handover.models import Answer, AnswerFile, Dispatch, Line, RecordStanding
from zhengxin.handover.returns import read_return
from zhengxin.handover.rules import place_of, repeated, state_of_answers
from zhengxin.handover.types import AnswerRow, AnswersTaken, Peer, Standing, Template
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import Refused

_AT_ONCE = 500
# Sentences about lines that could not be used, kept and shown of one file.
FEW = 50
_ACCEPTED = """
UPDATE handover_recordstanding SET last = 'accepted',
    since = CASE WHEN state IN ('packed', 'sent') THEN %s ELSE since END,
    because = CASE WHEN state IN ('packed', 'sent') THEN '' ELSE because END,
    state = CASE WHEN state IN ('packed', 'sent') THEN 'accepted' ELSE state END
WHERE last IN ('packed', 'sent') AND line_id IN
    (SELECT line_id FROM handover_answer WHERE file_id = %s AND verdict = 'accepted')
"""


class AnswersUnsigned(Refused):
    """A return file without the signature that this peer's files must bear."""


@dataclass
class _Found:
    """Answers matched to lines while a file is read; line None: nobody knows it here."""

    lines: dict[int, tuple[bool, str, str]] = field(default_factory=dict)
    also: list[tuple[int, bool, str, str]] = field(default_factory=list)
    unknown: list[AnswerRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def take_answers(
    *,
    peer: Peer,
    templates: Sequence[Template],
    filename: str,
    content: bytes,
    signature: str = "",
    at: datetime,
    actor: Actor,
) -> AnswersTaken:
    """Read a return file; the same bytes again change nothing.

    Lines are found by batch number with file and row, or with document number and party. What was
    said before is counted as repeated; what contradicts it is kept beside it. Lines of batches
    nobody knows are kept too. Raises AnswersUnsigned, ManifestWrong, ReturnUnreadable.
    """
    if peer.verifier:
        if not signature:
            raise AnswersUnsigned(
                _("回执文件“%(name)s”没有签名。") % {"name": filename},
                _("按约定，%(peer)s的回执要附签名文件。") % {"peer": peer.title},
                _("请把同名的.sig文件放在一起再读。"),
            )
        check_signature(content, signature, peer.verifier)
    digest = sha256_hex(content)
    before = AnswerFile.objects.filter(peer=peer.code, sha256=digest).first()
    if before is not None:
        return AnswersTaken(filename, before.rows, known_file=True)
    rows, problems = read_return(filename, content)
    found = _Found(problems=problems)
    by_number: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in rows:
        by_number[row.number].append(row)
    for number, some in by_number.items():
        _match(peer, number, some, found)
    with transaction.atomic():
        file, new = AnswerFile.objects.get_or_create(
            peer=peer.code,
            sha256=digest,
            defaults={
                "filename": filename[:255],
                "received_at": at,
                "actor_name": actor.name,
                "rows": len(rows) + len(problems),
                "unknown": len(found.unknown),
                "problems": found.problems[:FEW],
            },
        )
        if not new:
            # Sent twice at once: the other one keeps the lines.
            return AnswersTaken(filename, file.rows, known_file=True)
        return _keep(peer, [t.kind for t in templates], file, found, at)


def _match(peer: Peer, number: str, rows: Sequence[AnswerRow], found: _Found) -> None:
    dispatch = Dispatch.objects.filter(peer=peer.code, number=number).first()
    if dispatch is None or dispatch.state == DispatchState.VOID:
        found.unknown += rows
        found.problems.append(
            _("批次%(number)s不是本县报给%(peer)s的，%(n)s行回执记下备查。")
            % {"number": number, "peer": peer.title, "n": len(rows)}
        )
        return
    lines = list(
        Line.objects.filter(dispatch_id=dispatch.id).values_list("id", "file", "row", "key")
    )
    places = {(file, row): line for line, file, row, _key in lines}
    keys: dict[int, list[int]] = defaultdict(list)
    for line_id, _file, _row, key in lines:
        if key is not None:
            keys[key].append(line_id)
    names = [each["name"] for each in dispatch.files]
    rest: list[AnswerRow] = []
    digests = RowDigests()
    for row in rows:
        if row.everything:
            rest.append(row)
            continue
        line = place_of(row, names, places)
        if line is None and row.document:
            named = keys.get(digests.record(row.document, row.party), [])
            line = named[0] if len(named) == 1 else None
        if line is None:
            found.unknown.append(row)
            found.problems.append(
                _(
                    "第%(place)s行：批次%(number)s里没有它说的那一条（行号要连同文件名，或写文书号和相对人名称）。"
                )
                % {"place": row.place, "number": number}
            )
        else:
            _note(found, line, row)
    for row in rest:
        place = names.index(row.file) if row.file in names else None
        for line_id, file, _row, _key in lines:
            if line_id not in found.lines and (place is None or file == place):
                _note(found, line_id, row)


def _note(found: _Found, line: int, row: AnswerRow) -> None:
    told = (row.accepted, row.reason, row.number)
    if line in found.lines:
        found.also.append((line, *told))
    else:
        found.lines[line] = told


def _keep(
    peer: Peer, kinds: Sequence[str], file: AnswerFile, found: _Found, at: datetime
) -> AnswersTaken:
    earlier = _earlier(found.lines)
    fresh, turned = [], set[int]()
    counts = Counter[str]()
    told = [(line, *rest) for line, rest in found.lines.items()] + found.also
    for line, accepted, reason, number in told:
        if repeated(earlier[line], accepted):
            counts["repeated"] += 1
            continue
        if earlier[line]:
            counts["contradicting"] += 1
        if earlier[line] or not accepted:
            turned.add(line)
        earlier[line].add(accepted)
        counts["accepted" if accepted else "rejected"] += 1
        fresh.append(_answer(file, line, number, "", accepted, reason, at))
    fresh += [
        _answer(file, None, row.number, _named(row), row.accepted, row.reason, at)
        for row in found.unknown
    ]
    Answer.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    _turn(peer, kinds, turned, earlier, at)
    with connection.cursor() as cursor:
        since = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(_ACCEPTED, [since, file.id])
    return AnswersTaken(
        filename=file.filename,
        rows=file.rows,
        accepted=counts["accepted"],
        rejected=counts["rejected"],
        repeated=counts["repeated"],
        contradicting=counts["contradicting"],
        unknown=len(found.unknown),
        problems=tuple(found.problems),
    )


def _earlier(lines: Iterable[int]) -> dict[int, set[bool]]:
    """What was said of these lines before."""
    found: dict[int, set[bool]] = defaultdict(set)
    for some in chunks(sorted(lines), _AT_ONCE):
        rows = Answer.objects.filter(line_id__in=some).values_list("line_id", "verdict")
        for line, verdict in rows:
            if line is not None:
                found[line].add(verdict == AnswerVerdict.ACCEPTED)
    return found


def _answer(
    file: AnswerFile,
    line: int | None,
    number: str,
    named: str,
    accepted: bool,
    reason: str,
    at: datetime,
) -> Answer:
    verdict = AnswerVerdict.ACCEPTED if accepted else AnswerVerdict.REJECTED
    return Answer(
        file_id=file.id,
        line_id=line,
        number=number,
        named=named[:300],
        verdict=verdict,
        reason=reason,
        at=at,
    )


def _named(row: AnswerRow) -> str:
    """How a line that nobody knows was named; no party, who may be a person."""
    if row.everything:
        return _("全部")
    return " ".join(filter(None, (row.file, str(row.row or ""), row.document)))


def _turn(
    peer: Peer,
    kinds: Sequence[str],
    lines: Iterable[int],
    said: Mapping[int, set[bool]],
    at: datetime,
) -> None:
    """Rejected and contradicted lines: what the peer holds is what it held before, and the record is looked at anew."""
    for some in chunks(sorted(lines), _AT_ONCE):
        by_id = Line.objects.in_bulk(list(some))
        reasons = _reasons(some)
        rows = list(RecordStanding.objects.filter(peer=peer.code, line_id__in=some))
        for row in rows:
            line = by_id[row.line_id or 0]
            state = state_of_answers(said[line.id])
            if state is Standing.REJECTED:
                row.held_entry_id, row.held_over = line.before_entry_id, line.before_over
            if row.state in (row.last, Standing.PACKED, Standing.SENT):
                row.state, row.since = state.value, at
                row.because = reasons.get(line.id, "")
            row.last = state.value
        RecordStanding.objects.bulk_update(
            rows,
            ["held_entry_id", "held_over", "state", "since", "because", "last"],
            batch_size=200,
        )
        evaluate_lines(peer, kinds, [row.entry_id for row in rows], at)


def _reasons(lines: Sequence[int]) -> dict[int, str]:
    answers = Answer.objects.filter(line_id__in=lines, verdict=AnswerVerdict.REJECTED)
    return {
        line: reason
        for line, reason in answers.order_by("id").values_list("line_id", "reason")
        if line
    }
