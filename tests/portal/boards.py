"""A small board, filled directly: it is a rebuilt copy, so any state of it can be reached."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zhengxin.kernel import merkle
from zhengxin.kernel.digests import canonical_json
from zhengxin.ledger import commitments, notes
from zhengxin.publication.board import models, queries

LOG = "zhengxin.example/register"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KNOWN_AT = datetime(2026, 11, 19, 1, 12, 5, tzinfo=UTC)
UNIT, TOWN, FIRM = 7, 2, 50
HONOUR, PENALTY, LICENCE = 301, 302, 303
OTHER_LEAVES = 300
API_KEY = "a-key-for-tests"
RECIPIENT = 3

OPEN: dict[int, dict[str, Any]] = {
    LICENCE: {
        "XK_XDR_MC": "示例县河东建材有限公司",
        "XK_WSH": "示住建许〔2026〕31号",
        "XK_JDRQ": "2026-11-10",
        "XK_NR": '第三小学教学楼\r\n二期"甲"区<b>𠮷</b>&amp;',
        "BZ": "",
    },
    PENALTY: {
        "CF_XDR_MC": "示例县河东建材有限公司",
        "CF_WSH": "示市监罚〔2026〕77号",
        "CF_CFLB": ["罚款", "没收违法所得"],
        "CF_NR_FK": "5.2",
        "CF_JDRQ": "2026-11-12",
    },
    HONOUR: {"RY_MC": "政务公开优秀单位", "RY_RQ": "2026-02-26"},
}
TEXT: dict[int, dict[str, str]] = {
    LICENCE: {},
    PENALTY: {"CF_SY": "销售超过保质期的酸奶12盒。", "CF_YJ": "没有放开的说明"},
    HONOUR: {},
}
RELEASED = {LICENCE: set(), PENALTY: {"CF_SY"}, HONOUR: set()}
LABELS = {
    "licence": {"XK_XDR_MC": "行政相对人名称", "XK_WSH": "许可文书号", "XK_NR": "许可内容"},
    "penalty": {"CF_XDR_MC": "行政相对人名称", "CF_SY": "违法事实", "CF_YJ": "处罚依据"},
    "honour": {"RY_MC": "荣誉名称", "RY_RQ": "授予日期"},
}
ARTICLE = "《中华人民共和国政府信息公开条例》第十五条"


def _disclose(entry_id: int, kind: str, subject_id: int, true_on: date) -> tuple[bytes, Any]:
    secret = sha256(str(entry_id).encode()).digest()
    text = TEXT[entry_id]
    closed = canonical_json({"FRDB_ZJHM": "不出现"})
    groups = commitments.group_bytes(canonical_json(OPEN[entry_id]), text, closed, 5, 6)
    digests = commitments.group_digests(secret, groups)
    shown = {"open"} | {f"text:{code}" for code in RELEASED[entry_id]}
    leaf = commitments.leaf_fields(
        entry_id=entry_id,
        kind=kind,
        subject_id=subject_id,
        unit_id=UNIT,
        true_on=true_on,
        known_at=KNOWN_AT,
        about_id=None,
        trait="",
        commitment=commitments.commitment(digests),
    )
    proof = {
        "leaf": leaf,
        "salts": {name: commitments.salt(secret, name).hex() for name in shown},
        "hidden": {name: value.hex() for name, value in digests.items() if name not in shown},
        "open": OPEN[entry_id],
        "text": {code: text[code] for code in RELEASED[entry_id]},
    }
    hidden = [[code, "privacy", "2027-03-01"] for code in text if code not in RELEASED[entry_id]]
    return commitments.leaf_of(leaf), {"proof": proof, "hidden": hidden}


def _item(entry_id: int, **values: Any) -> bytes:
    leaf, disclosure = _disclose(entry_id, values["kind"], values["subject_id"], values["true_on"])
    models.BoardItem.objects.create(
        entry_id=entry_id,
        position=entry_id - 1,
        unit_id=UNIT,
        unit_name="县市场监督管理局",
        known_at=KNOWN_AT,
        shown_from=date(2026, 11, 20),
        true_year=values["true_on"].year,
        disclosure=disclosure,
        **values,
    )
    return leaf


def _figure(name: str, value: Any) -> None:
    models.BoardFigure.objects.create(name=name, value=value, computed_at=KNOWN_AT)


def _tree(leaves: list[bytes]) -> None:
    """Tiles of every level and the signed checkpoint over `leaves`."""
    level, hashes = 0, leaves
    while hashes:
        for index in range(0, len(hashes), merkle.TILE):
            models.BoardTile.objects.create(
                level=level,
                index=index // merkle.TILE,
                hashes=b"".join(hashes[index : index + merkle.TILE]),
            )
        full = range(0, len(hashes) - merkle.TILE + 1, merkle.TILE)
        hashes = [merkle.fold(b"".join(hashes[i : i + merkle.TILE])) for i in full]
        level += 1
    root = merkle.grow(0, (), b"".join(leaves)).root
    text = notes.checkpoint_text(notes.TreeHead(LOG, len(leaves), root))
    models.BoardCheckpoint.objects.create(
        id=1,
        size=len(leaves),
        root=root,
        note=notes.sign(text, LOG, KEY),
        verifier=notes.verifier_key(LOG, KEY.public_key().public_bytes_raw()),
        signed_at=KNOWN_AT + timedelta(hours=1),
    )


def _units() -> None:
    weeks = [
        [(date(2026, 8, 31) + timedelta(days=7 * n)).isoformat(), 3 + n % 4, int(n % 5 == 3)]
        for n in range(12)
    ]
    few = [[monday, int(n == 4), 0] for n, (monday, _good, _late) in enumerate(weeks)]
    _figure(
        "units",
        {
            str(UNIT): {
                "weeks": weeks,
                "missing": 2,
                "waiting": 1,
                "counts": {"licence": 1, "penalty": 1, "honour": 1},
                "withheld": {"natural_person": 4, "trade_secret": 1},
                "reviews": {"trade_secret": "2027-01-01"},
            },
            str(TOWN): {"weeks": few, "counts": {}},
        },
    )
    for unit_id, name, label, kind in (
        (UNIT, "县市场监督管理局", "部门", "department"),
        (TOWN, "东河镇人民政府", "镇", "town"),
    ):
        models.BoardSubject.objects.create(
            id=unit_id,
            name=name,
            kind="unit",
            kind_label=label,
            is_unit=True,
            unit_kind=kind,
            position=unit_id,
            folded=f"{name}\n东河镇" if unit_id == TOWN else name,
            names=[
                {"text": name, "kind": "official", "from": "2019-06-01", "to": None},
                {"text": "旧" + name, "kind": "former", "from": None, "to": "2019-05-31"},
            ],
            successions=[
                {
                    "kind": "renamed",
                    "on": "2019-06-01",
                    "other_id": None,
                    "other_name": "旧" + name,
                    "confirmed": False,
                }
            ],
        )


def fill_board() -> None:
    """Two units, a firm, a licence, a penalty and an honour, their proofs and every figure."""
    _units()
    firm = models.BoardSubject.objects.create(
        id=FIRM,
        name="示例县河东建材有限公司",
        kind="enterprise",
        kind_label="企业",
        folded="示例县河东建材有限公司",
        names=[{"text": "示例县河东建材有限公司", "kind": "official", "from": None, "to": None}],
    )
    about_firm = {"subject_id": FIRM, "subject_name": firm.name}
    leaves = [merkle.leaf_hash(str(n).encode()) for n in range(OTHER_LEAVES)]
    leaves.append(
        _item(
            HONOUR,
            kind="honour",
            adverse=False,
            title="政务公开优秀单位",
            subject_id=TOWN,
            subject_name="东河镇人民政府",
            true_on=date(2026, 2, 26),
        )
    )
    leaves.append(
        _item(
            PENALTY,
            kind="penalty",
            adverse=True,
            grade="general",
            title="销售超过保质期食品",
            document_number="示市监罚〔2026〕77号",
            true_on=date(2026, 11, 12),
            due_on=date(2026, 11, 18),
            timeliness="late",
            shown_to=date(2099, 11, 12),
            repair_from=date(2027, 2, 12),
            rule="penalty/general",
            **about_firm,
        )
    )
    leaves.append(
        _item(
            LICENCE,
            kind="licence",
            adverse=False,
            title="建筑工程施工许可",
            document_number="示住建许〔2026〕31号",
            true_on=date(2026, 11, 10),
            due_on=date(2026, 11, 19),
            timeliness="on_time",
            supersedes_id=12,
            **about_firm,
        )
    )
    _tree(leaves)
    _figure("county", {"name": "示例县", "invented": True})
    _figure("totals", {"published": 3})
    _figure(
        "home",
        {
            "from": "2026-11-16",
            "to": "2026-11-20",
            "on_time": 11,
            "late": 2,
            "late_units": 1,
            "days": [["2026-11-16", 6, 0], ["2026-11-17", 5, 2]],
            "before_on_time": 12,
            "before_late": 0,
        },
    )
    _figure("kinds", {"licence": "行政许可", "penalty": "行政处罚", "honour": "诚实守信荣誉"})
    _figure("fields", {kind: list(map(list, of.items())) for kind, of in LABELS.items()})
    _figure("articles", {"privacy": ARTICLE})
    rule = {
        "text": "一般失信，最短公示3个月，最长1年。",
        "article": "信用修复管理办法第九条，待核实",
    }
    _figure("rules", {"penalty/general": rule})
    _figure("rules_in_force", [{"kind_label": "行政处罚", "grade_label": "一般", **rule}])
    _figure("objection", "向作出决定的单位提出，或者向县发展和改革局提出。")
    _figure(
        "withheld",
        [
            {"reason": "natural_person", "label": "自然人的记录不公开", "article": ARTICLE, "n": 4},
            {
                "reason": "trade_secret",
                "label": "商业秘密",
                "article": ARTICLE,
                "n": 1,
                "review_on": "2027-01-01",
            },
        ],
    )
    for n, gram in enumerate(("河东", "东建", "建材")):
        models.BoardGram.objects.create(id=n + 1, gram=gram, of="subject", ref_id=FIRM)
    models.BoardGram.objects.create(id=9, gram="东河", of="subject", ref_id=TOWN)
    models.BoardCorrection.objects.create(
        at=KNOWN_AT, entry_id=12, reason="superseded", replaced_by=LICENCE
    )
    models.RecipientKey.objects.create(id=RECIPIENT, key_digest=queries.key_digest(API_KEY))


@pytest.fixture
def board(db: None) -> None:
    """The small board, in the test's own transaction; mark the test with databases=["board"]."""
    fill_board()
