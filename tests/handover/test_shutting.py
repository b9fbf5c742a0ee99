"""What is sealed between packing and delivery stays here, however it came to be sealed."""

import json
from pathlib import Path

import pytest
from django.utils import timezone

from tests.desk.conftest import County
from tests.factors import signed_at
from tests.handover.conftest import (
    ACTOR,
    export,
    licence,
    official,
    out,
    penalty,
    report,
    rows_of,
    states,
)
from zhengxin import journey
from zhengxin.audit.models import AuditLine
from zhengxin.handover import actions as handover
from zhengxin.handover import queries
from zhengxin.handover.models import Dispatch, Line
from zhengxin.journey import deciding
from zhengxin.journey.showing import entry_sheet
from zhengxin.kernel.actor import Role

pytestmark = pytest.mark.django_db(databases="__all__")
SEALING = {"CF_YJ": "中华人民共和国治安管理处罚法第五十条"}


def withhold(county: County, entry_id: int) -> None:
    at, reviewer = timezone.now(), official(county, "fuhe", Role.REVIEWER)
    journey.withhold(
        entry_id=entry_id,
        reason="state_secret",
        because="定密。",
        review_on=None,
        signed=signed_at(reviewer.account_id, entry_sheet("withholding", entry_id), at),
        at=at,
        actor=reviewer,
    )


def test_a_batch_of_what_its_correction_sealed_is_packed_anew_without_it(
    city: Path, county: County
) -> None:
    report(county, penalty(1), penalty(2))
    [packed] = journey.export(to="city", at=timezone.now(), actor=ACTOR)
    sealed, other = Line.objects.order_by("id").values_list("root_id", flat=True)
    report(county, penalty(1, **SEALING))
    [(number, _)] = journey.send(to="city", at=timezone.now(), actor=ACTOR)
    [row] = rows_of(out(city, "penalty.new.csv"))
    assert row["行政处罚决定书文号"] == penalty(2)["CF_WSH"]
    assert not (city / "exchange" / "outbox" / "city" / packed.number).exists()
    assert dict(Dispatch.objects.values_list("number", "state")) == {
        packed.number: "void",
        number: "delivered",
    }
    stand = {root: state for root, (_, state) in states().items()}
    assert stand == {sealed: "exempt", other: "sent"}
    assert AuditLine.objects.get(act="exchange.void").object_id == packed.number
    # Void, and told in the next manifest, so that the city misses none.
    manifest = json.loads(out(city, f"{number}.manifest.json").read_text(encoding="utf-8"))
    assert manifest["void"] == [packed.number]
    assert export() == ""


def test_a_declaration_broken_off_after_its_act_holds_the_batch_back(
    city: Path, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(county, licence(1))
    journey.export(to="city", at=timezone.now(), actor=ACTOR)

    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(deciding, "_call_back", killed)
    with pytest.raises(KeyboardInterrupt):
        withhold(county, Line.objects.get().entry_id)
    # Whoever delivers leaves it out, and whoever sends next makes it void.
    assert handover.deliver(peer=queries.peer("city"), at=timezone.now(), actor=ACTOR) == []
    assert Dispatch.objects.get().state == "waiting"
    assert journey.send(to="city", at=timezone.now(), actor=ACTOR) == []
    assert Dispatch.objects.get().state == "void"
    assert not list(city.glob("exchange/out/*.csv"))


def test_a_state_secret_is_revoked_by_number_and_row_without_its_words(
    city: Path, county: County
) -> None:
    report(county, licence(1))
    export()
    withhold(county, Line.objects.get().entry_id)
    number = export()
    [line] = rows_of(out(city, f"{number}.lines.csv"))
    assert (line["文件"], line["操作"], line["原行号"]) == ("", "revoke", "1")
    assert not list(city.glob("exchange/out/*.revoke.*"))
