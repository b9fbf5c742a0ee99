"""From the ledger to the board, and off it again."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.publication.county import ACTOR, AT, record
from zhengxin.kernel.digests import canonical_json
from zhengxin.kernel.merkle import leaf_hash, verify_inclusion
from zhengxin.ledger import actions as ledger
from zhengxin.ledger import queries as log
from zhengxin.publication import queries as desk
from zhengxin.publication.board import models, queries
from zhengxin.publication.models import Notice

pytestmark = pytest.mark.django_db(databases="__all__")
DAY = date(2026, 11, 20)
LATER = AT + timedelta(days=1)


def whole_board():
    """Every text on the board, as one string."""
    parts = []
    for model in (
        models.BoardItem,
        models.BoardSubject,
        models.BoardPrefix,
        models.BoardGram,
        models.BoardFigure,
        models.BoardCorrection,
    ):
        parts += [
            json.dumps(row, ensure_ascii=False, default=str)
            for row in model.objects.using("board").order_by("pk").values()
        ]
    return "\n".join(parts)


def test_a_licence_is_shown_with_its_fields_and_hidden_ones(county):
    (entry_id,) = county.send(record())
    done = county.publish()
    assert (done.shown, done.left, done.leaks) == (1, 0, ())
    item = queries.item(entry_id, DAY)
    assert item.brief.title == "行政许可：建筑工程施工许可证"
    assert item.brief.unit_name == "示例县住房和城乡建设局"
    assert item.brief.timeliness == "on_time"
    assert item.brief.due_on == date(2026, 11, 27)
    assert [field.label for field in item.disclosure.shown] == [
        "行政相对人名称",
        "行政许可决定文书名称",
        "行政许可决定文书号",
    ]
    assert {(field.label, field.reason) for field in item.disclosure.hidden} == {
        ("法定代表人", "privacy"),
        ("法定代表人证件号码", "privacy"),
    }
    assert all("政府信息公开条例第十五条" in field.article for field in item.disclosure.hidden)
    assert "国发〔2016〕33号" in item.article
    assert item.objection
    assert Notice.objects.get().state == "shown"


def test_publishing_twice_changes_nothing(county):
    county.send(record())
    county.publish()
    before = whole_board()
    again = county.publish()
    assert (again.shown, again.ended, again.left) == (0, 0, 0)
    assert whole_board() == before


def test_the_proof_on_the_board_leads_to_the_signed_checkpoint(county):
    ids = county.send(*(record(number=f"示住建许〔2026〕{n}号") for n in range(300)))
    county.publish()
    for entry_id in (ids[0], ids[255], ids[256], ids[299]):
        proof = queries.item_proof(entry_id, DAY)
        leaf_fields = proof.disclosure["leaf"]
        digests = {name: bytes.fromhex(value) for name, value in proof.disclosure["hidden"].items()}
        salt = bytes.fromhex(proof.disclosure["salts"]["open"])
        opened = canonical_json(proof.disclosure["open"])
        digests["open"] = hashlib.sha256(salt + opened).digest()
        commitment = hashlib.sha256(
            b"zhengxin-commitment-1"
            + b"".join(
                len(name.encode()).to_bytes(2, "big") + name.encode() + digests[name]
                for name in sorted(digests)
            )
        ).hexdigest()
        assert leaf_fields["commitment"] == commitment
        assert leaf_fields["id"] == entry_id
        assert verify_inclusion(
            proof.position,
            proof.size,
            leaf_hash(canonical_json(leaf_fields)),
            [bytes.fromhex(h) for h in proof.path],
            bytes.fromhex(proof.root),
        )
        assert [bytes.fromhex(h) for h in proof.path] == log.inclusion_proof(
            proof.position, proof.size
        )
        assert proof.note == log.latest_checkpoint().note


def test_the_tree_on_the_board_grows_with_the_ledger(county):
    first = county.send(*(record(number=f"示住建许〔2026〕{n}号") for n in range(300)))
    county.publish()
    county.send(*(record(number=f"示住建许〔2025〕{n}号") for n in range(400)))
    county.publish(LATER)
    assert queries.checkpoint().size == 700
    for level, index in ((0, 0), (0, 1), (0, 2), (1, 0)):
        assert queries.tile(level, index) == log.tile(level, index, 700)
    assert queries.tile(0, 3) is None
    proof = queries.item_proof(first[299], DAY)
    assert [bytes.fromhex(h) for h in proof.path] == log.inclusion_proof(proof.position, 700)


def test_entries_beyond_the_checkpoint_wait(county):
    from zhengxin.publication.actions import publish_due

    county.send(record())
    assert publish_due(at=AT).shown == 0
    assert queries.checkpoint() is None
    county.publish()
    (later,) = county.send(record(number="示住建许〔2026〕19号"))
    done = publish_due(at=LATER)
    assert (done.shown, done.waiting_for_checkpoint) == (0, 1)
    assert queries.item(later, DAY) is None
    assert county.publish(LATER).shown == 1


def test_ungraded_waits_and_a_grade_shows_it_for_its_period(county):
    (entry_id,) = county.send(record("penalty", trait="fine;warning"))
    assert county.publish().shown == 0
    (waiting,) = desk.waiting_for_grade([1])
    assert waiting.entry_id == entry_id
    assert waiting.because.endswith("请认定单位定档。")
    assert desk.waiting_for_grade([2]) == []
    county.act("grading", entry_id, grade="general", because="数额较大")
    assert desk.waiting_for_grade() == []
    county.publish(LATER)
    item = queries.item(entry_id, DAY)
    assert item.brief.grade == "general"
    assert item.brief.shown_to == date(2027, 11, 18)
    assert item.repair_from == date(2027, 2, 18)
    assert "第36号" in item.article


def test_free_text_only_after_release(county):
    (entry_id,) = county.send(record("penalty", trait="confiscation_of_gains"))
    county.publish()
    assert "过期奶粉" not in whole_board()
    assert ("CF_SY", "not_released") in {
        (field.code, field.reason) for field in queries.item(entry_id, DAY).disclosure.hidden
    }
    assert [row.entry_id for row in desk.waiting_for_release()] == [entry_id]
    county.act("text_release", entry_id, fields=["CF_SY"], because="无个人信息")
    county.publish(LATER)
    item = queries.item(entry_id, DAY)
    shown = {field.code: field.value for field in item.disclosure.shown}
    assert shown["CF_SY"] == "货架上摆着三袋过期奶粉"
    assert "text:CF_SY" in item.disclosure.proof["salts"]
    assert desk.waiting_for_release() == []
    assert queries.corrections() == []


def test_never_on_the_board(county):
    county.send(
        record("penalty", trait="warning"),
        record("penalty", trait="licence_revocation;public_order"),
        record("penalty", trait="licence_revocation", subject_id=21),
        record(subject_id=21),
        record("penalty", trait="licence_revocation", true_on=None),
        record("judgment"),
    )
    done = county.publish()
    assert done.shown == 0
    board = whole_board()
    for secret in ("张三", "李四", "210321190001010014", "过期"):
        assert secret not in board
    assert not models.BoardSubject.objects.using("board").filter(is_unit=False).exists()
    assert {row.reason: row.n for row in queries.withheld()} == {
        "minor": 1,
        "public_order": 1,
        "natural_person": 2,
        "no_date": 1,
        "never": 1,
    }
    assert {row.reason for row in queries.withheld() if row.article} >= {
        "minor",
        "public_order",
        "natural_person",
    }


@pytest.mark.parametrize(
    "written",
    ["210321190001010014", "２１０３２１１９０００１０１００１４", "证号210321 19000101 0014止"],
)
def test_an_id_number_in_a_field_withholds_the_entry(county, written):
    (entry_id,) = county.send(record(open={"XK_XDR_MC": "东河建材有限公司", "XK_NR": written}))
    done = county.publish()
    assert done.leaks == (entry_id,)
    assert queries.item(entry_id, DAY) is None
    assert Notice.objects.get().withheld == "id_number"
    assert models.BoardSubject.objects.using("board").filter(is_unit=False).count() == 0
    assert county.publish(LATER).leaks == ()


@pytest.mark.parametrize(
    "written",
    ["210321********0014", "联系人电话138-0412-0000", "退款至6222 0212 3456 7890 128"],
)
def test_other_numbers_of_persons_withhold_the_entry_as_well(county, written):
    (entry_id,) = county.send(record(open={"XK_XDR_MC": "东河建材有限公司", "XK_NR": written}))
    assert county.publish().leaks == (entry_id,)
    assert written not in whole_board()


@pytest.mark.parametrize("field", ["XK_XKBH", "XK_WSH", "XK_XDR_GSZC"])
@pytest.mark.parametrize("written", ["13804120000", "电话１３８０４１２００００"])
def test_a_mobile_number_in_the_place_of_a_code_withholds_the_entry(county, field, written):
    (entry_id,) = county.send(record(open={"XK_XDR_MC": "东河建材有限公司", field: written}))
    assert county.publish().leaks == (entry_id,)
    assert "13804120000" not in whole_board()


def test_the_digits_of_document_and_registration_numbers_are_no_mobile_number(county):
    codes = {
        "XK_XKBH": "JY13804120000345",
        "XK_WSH": "示住建许〔2026〕13804120000号",
        "XK_XDR_GSZC": "210300138041200",
    }
    county.send(record(open={"XK_XDR_MC": "东河建材有限公司", **codes}))
    done = county.publish()
    assert (done.shown, done.leaks) == (1, ())


def test_a_released_text_with_a_mobile_number_takes_the_entry_off(county):
    (entry_id,) = county.send(
        record("penalty", trait="closure", text={"CF_SY": "当事人电话13804120000"})
    )
    county.publish()
    county.act("text_release", entry_id, fields=["CF_SY"], because="已通读")
    assert county.publish(LATER).leaks == (entry_id,)
    assert queries.item(entry_id, DAY) is None


def test_only_records_with_a_text_wait_for_its_release(county):
    told, bare = county.send(
        record("penalty", trait="closure"),
        record("penalty", trait="closure", number="示住建罚〔2026〕19号", text={}),
    )
    county.publish()
    assert [row.entry_id for row in desk.waiting_for_release()] == [told]
    assert desk.count_waiting()["release"] == 1
    before = list(Notice.objects.order_by("entry_id").values())
    county.rebuild()
    county.publish()
    assert list(Notice.objects.order_by("entry_id").values()) == before
    assert bare in {row.entry_id for row in Notice.objects.filter(has_text=False)}


def test_the_period_ends_by_itself(county):
    (entry_id,) = county.send(record("penalty", trait="closure", true_on=date(2023, 11, 21)))
    county.publish()
    assert queries.item(entry_id, DAY).brief.shown_to == date(2026, 11, 21)
    county.publish(AT + timedelta(days=1))
    assert queries.item(entry_id, DAY) is not None
    done = county.publish(AT + timedelta(days=2))
    assert (done.ended, done.left) == (1, 1)
    assert queries.item(entry_id, DAY) is None
    (correction,) = queries.corrections()
    assert (correction.entry_id, correction.reason) == (entry_id, "period_over")
    assert models.BoardSubject.objects.using("board").filter(id=11).count() == 0
    assert county.publish(AT + timedelta(days=3)).ended == 0
    assert len(queries.corrections()) == 1


def test_a_correction_replaces_and_its_withdrawal_restores(county):
    (old,) = county.send(record())
    county.publish()
    (new,) = county.send(record(about_id=old, number="示住建许〔2026〕81号"), at=LATER)
    county.publish(LATER)
    assert queries.item(old, DAY) is None
    assert queries.item(new, DAY).supersedes_id == old
    (correction,) = queries.corrections()
    assert (correction.entry_id, correction.reason, correction.replaced_by) == (
        old,
        "superseded",
        new,
    )
    county.act("withdrawal", county.batch_of(new), because="传错了")
    county.publish(LATER + timedelta(days=1))
    assert queries.item(new, DAY) is None
    assert queries.item(old, DAY) is not None
    assert [row.reason for row in queries.corrections(after=correction.id)] == ["withdrawn"]


def test_an_erased_entry_leaves_and_its_proof_material_with_it(county):
    (entry_id,) = county.send(record())
    (other,) = county.send(record(subject_id=12))
    county.publish()
    ledger.erase(entry_id=entry_id, because="法院裁定", at=LATER, actor=ACTOR)
    done = county.publish(LATER)
    assert done.left == 1
    assert queries.item(entry_id, DAY) is None
    assert "东河建材有限公司" not in {
        row.name for row in models.BoardSubject.objects.using("board").all()
    }
    assert queries.item(other, DAY) is not None
    assert Notice.objects.get(entry_id=entry_id).withheld == "erased"


def test_home_and_unit_figures(county):
    monday = datetime(2026, 11, 16, 2, tzinfo=UTC)
    county.send(
        record(true_on=date(2026, 11, 9), known_at=monday),  # due 11-18
        record(true_on=date(2026, 11, 10), known_at=AT),  # due 11-19, late
        record(true_on=date(2026, 11, 10), known_at=monday, unit_id=2),
        record(true_on=None),
        record(true_on=date(2026, 11, 20)),  # due 12-01: not last week
    )
    county.publish(datetime(2026, 11, 23, 2, tzinfo=UTC))
    home = queries.home(date(2026, 11, 23))
    assert (home.week_from, home.week_to) == (date(2026, 11, 16), date(2026, 11, 22))
    assert (home.due, home.on_time, home.late, home.late_units) == (3, 2, 1, 1)
    assert [(day.on, day.on_time, day.late) for day in home.days] == [
        (date(2026, 11, 18), 1, 0),
        (date(2026, 11, 19), 1, 1),
    ]
    assert home.published == 5
    assert [unit.name for unit in home.units] == ["示例县住房和城乡建设局", "示例县市场监督管理局"]
    page = queries.unit_page(1, DAY)
    assert len(page.timeliness.weeks) == 12
    assert (page.timeliness.on_time, page.timeliness.late, page.timeliness.missing) == (1, 1, 1)
    assert page.timeliness.rate is None
    assert page.counts == {"licence": 4}
    assert queries.unit_page(11, DAY) is None


def test_lists_turn_pages_without_gaps(county):
    ids = county.send(*(record(number=f"示住建许〔2026〕{n}号") for n in range(45)))
    county.publish()
    seen, before = [], None
    while True:
        page = queries.unit_page(1, DAY, before=before)
        seen += [line.entry_id for line in page.items]
        before = page.next_before
        if before is None:
            break
    assert seen == sorted(ids, reverse=True)
    assert [row.brief.entry_id for row in queries.items(DAY, after=ids[39], limit=3)] == ids[40:43]
    assert queries.items(DAY, adverse=True) == []
    assert queries.subject_page(11, DAY).items[0].entry_id == ids[-1]


def test_downloads_hold_what_is_not_adverse(county, settings):
    from zhengxin.lake.queries import rows
    from zhengxin.publication.actions import write_downloads

    county.send(record(), record("penalty", trait="closure"))
    county.publish()
    names = {path.name for path in write_downloads(at=AT)}
    assert names == {"licence.csv", "licence.parquet", "honour.csv", "honour.parquet"}
    text = (settings.DOWNLOADS_DIR / "licence.csv").read_text(encoding="utf-8-sig")
    assert "建筑工程施工许可证" in text
    assert "李四" not in text
    (found,) = [
        row
        for some in rows(
            f"SELECT title, subject_name FROM '{settings.DOWNLOADS_DIR}/licence.parquet'"
        )
        for row in some
    ]
    assert found == ("行政许可：建筑工程施工许可证", "东河建材有限公司")
    assert {path.name for path in settings.DOWNLOADS_DIR.iterdir()} == names
    assert all(path.stat().st_mtime == AT.timestamp() for path in settings.DOWNLOADS_DIR.iterdir())


def test_downloads_leave_out_what_is_over_though_no_daily_step_ran(county, settings):
    from zhengxin.publication.actions import write_downloads

    (entry_id,) = county.send(record())
    county.publish()
    items = models.BoardItem.objects.using("board").filter(entry_id=entry_id)
    items.update(shown_to=date(2026, 11, 20))
    for at, rows in ((AT, 1), (LATER, 0)):
        write_downloads(at=at)
        text = (settings.DOWNLOADS_DIR / "licence.csv").read_text(encoding="utf-8-sig")
        assert len(text.splitlines()) == 1 + rows
