"""A decision over paper: printed, signed by hand, scanned, compared by a second person, and done once."""

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.desk.conftest import County
from tests.desk.rows import penalty, table
from tests.desk.test_browser import enter
from tests.factors import DeskClient, fresh_code, type_code
from zhengxin import journey
from zhengxin.accounts import papers
from zhengxin.accounts.models import Paper, Post, Signature
from zhengxin.accounts.papers import PaperRefused
from zhengxin.accounts.queries import actor_for
from zhengxin.accounts.signatures import verify
from zhengxin.audit.models import AuditLine
from zhengxin.desk.signing import as_shown
from zhengxin.desk.views.papers import CALLED
from zhengxin.journey import erasing
from zhengxin.journey.papering import SIGNABLE
from zhengxin.kernel.actor import Actor
from zhengxin.kernel.digests import sha256_hex
from zhengxin.kernel.refused import AlreadyDone
from zhengxin.messages.models import Message
from zhengxin.publication.models import Notice
from zhengxin.safekeeping.homefiles import home_files

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])
DECIDED: dict[str, object] = {"grade": "general", "because": "裁量基准第三条"}
PNG = b"\x89PNG\r\n\x1a\n" + b"signed by hand " * 20
Enter = Callable[[str], DeskClient]


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.PAPERS_DIR = tmp_path / "papers"
    return tmp_path / "papers"


@pytest.fixture
def path(county: County, signed_in: Enter) -> str:
    signed_in("jingban").post(
        "/desk/submissions/new/penalties/", {"file": table("penalties", penalty(1))}
    )
    return f"/desk/grading/{Notice.objects.get().entry_id}/"


def on_paper(client: DeskClient, path: str, said: dict[str, object]) -> str:
    """The address of the paper that was asked for instead of the act."""
    answer = client.post(path, {**said, **client.block(path), "paper": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def hand_in(client: DeskClient, paper: str, content: bytes = PNG):
    scan = SimpleUploadedFile("扫描.png", content, "image/png")
    return client.post(f"{paper}hand-in/", {"scan": scan})


def test_printed_signed_by_hand_compared_and_done(
    path: str, county: County, signed_in: Enter, own_folder: Path
) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    assert paper == f"/desk/papers/{Paper.objects.get().pk}/"
    assert Notice.objects.get().state == "ungraded"
    shown = officer.get(paper).content.decode()
    sheet = shown[shown.index('<article class="zx-paper') : shown.index("</article>")]
    assert "裁量基准第三条" in sheet
    assert "许知" in sheet
    assert not re.search(r"<form|csrf|type=\"hidden\"|<script", sheet)
    # Nothing of it lies in clear.
    for file in own_folder.iterdir():
        assert "裁量基准".encode() not in file.read_bytes()
    assert hand_in(officer, paper)["Location"] == paper
    assert second.get("/desk/papers/").content.decode().count("等您比对") == 1
    # Whoever may compare is told; neither the signer, who also handed it in, nor another unit.
    told = Message.objects.get(kind="paper_scanned")
    assert told.account_id == county.accounts["fuhe"].pk
    assert told.link == paper
    looked = second.get(f"{paper}scan/")
    assert (looked.content, looked["Content-Type"]) == (PNG, "image/png")
    assert "sandbox" in looked["Content-Security-Policy"]
    assert second.sign(paper, {})["Location"] == "/desk/papers/"
    assert Notice.objects.get().state != "ungraded"
    signature = Signature.objects.get()
    assert (signature.account_id, signature.factor_kind) == (
        county.accounts["xinyong"].pk,
        "paper",
    )
    kept = signature.assertion
    assert (kept["compared_by"], kept["scan"]) == (county.accounts["fuhe"].pk, sha256_hex(PNG))
    assert verify(signature)
    signature.assertion = {**kept, "scan": "0" * 64}
    assert not verify(signature)
    signature.assertion = {**kept, "compared_by": county.accounts["xinyong"].pk}
    assert not verify(signature)
    # What it was about is gone from here; the number, the digests and the names stay.
    assert list(own_folder.iterdir()) == []
    assert "已办" in officer.get(paper).content.decode()
    acts = AuditLine.objects.filter(act__startswith="paper.").exclude(act="paper.read")
    assert [(line.act, line.actor_name) for line in acts.order_by("id")] == [
        ("paper.ask", "许知"), ("paper.hand_in", "许知"), ("paper.compare", "方正言"),
    ]  # fmt: skip
    of_it = AuditLine.objects.filter(detail__signature=str(signature.pk))
    done = of_it.exclude(act="paper.compare").get()
    assert done.actor_name == "许知"
    # Once: neither by the same hand nor by another.
    again = second.post(paper, {"shown": sha256_hex(PNG), "nonce": "0"})
    assert (again.status_code, "方正言已于" in again.content.decode()) == (409, True)
    with pytest.raises(AlreadyDone):
        papers.paper_to_settle(Paper.objects.get().pk, timezone.now())


def test_an_erasure_over_paper(
    path: str, county: County, signed_in: Enter, own_folder: Path
) -> None:
    reviewer, second = signed_in("fuhe"), signed_in("xinyong")
    officer = signed_in("xinyong")
    other = on_paper(officer, path, DECIDED)
    entry_id = Notice.objects.get().entry_id
    paper = on_paper(
        reviewer,
        f"/desk/notices/{entry_id}/erase/",
        {"because": "依裁定", "confirmed": "on"},
    )
    hand_in(reviewer, paper)
    sent = {**second.block(paper), "code": fresh_code(county.accounts["xinyong"])}
    assert second.post(paper, sent)["Location"] == "/desk/papers/"
    assert Signature.objects.get().act == "entry.erase"
    assert verify(Signature.objects.get())
    # A sheet on which the erased words stood is void, and gone.
    assert "内容已变，作废" in officer.get(other).content.decode()
    assert list(own_folder.iterdir()) == []


def test_an_erasure_that_was_broken_off_takes_papers_later(
    path: str, county: County, signed_in: Enter, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, reviewer = signed_in("xinyong"), signed_in("fuhe")
    on_paper(officer, path, DECIDED)
    entry_id = Notice.objects.get().entry_id
    with monkeypatch.context() as broken:
        broken.setattr(erasing, "_forget_pending", lambda at, actor: False)
        place = f"/desk/notices/{entry_id}/erase/"
        reviewer.sign(place, {"because": "依裁定", "confirmed": "on"})
    assert Paper.objects.get().state == "printed"
    journey.finish_erasures(at=timezone.now(), actor=Actor.system("后台"))
    assert Paper.objects.get().state == "stale"
    assert list(own_folder.iterdir()) == []


def test_a_backup_leaves_papers_out(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir(exist_ok=True)
    (tmp_path / "papers" / "1.page").write_bytes(b"x")
    (tmp_path / "kept.yaml").write_bytes(b"x")
    assert [place.name for place in home_files(tmp_path)] == ["kept.yaml"]


def test_who_may_do_what(path: str, county: County, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    paper = on_paper(officer, path, DECIDED)
    clerk, stranger = signed_in("jingban"), signed_in("fuze")
    assert clerk.post(path, {**DECIDED, "paper": "1"}).status_code == 403
    assert clerk.get(paper).status_code == 403
    assert hand_in(clerk, paper).status_code == 403
    assert clerk.get(f"{paper}scan/").status_code == 403
    assert clerk.post(paper, {"code": "000000"}).status_code == 403
    for place in (paper, f"{paper}scan/", f"{paper}refuse/"):
        assert stranger.get(place).status_code == 404
    assert hand_in(stranger, paper).status_code == 404
    assert signed_in("jiandu").get(paper).status_code == 403
    second = signed_in("fuhe")
    # Nothing to compare yet.
    assert second.post(paper, {"code": fresh_code(county.accounts["fuhe"])}).status_code == 404
    # Who hands it in does not compare, nor who signed.
    hand_in(second, paper)
    for client, username in ((second, "fuhe"), (officer, "xinyong")):
        assert "签字人和上传人不能比对" in client.get(paper).content.decode()
        sent = {"shown": sha256_hex(PNG), "nonce": "0", "code": fresh_code(county.accounts[username])}  # fmt: skip
        assert client.post(paper, sent).status_code == 404
        assert client.post(f"{paper}refuse/", {"because": "不像"}).status_code == 403
    assert second.post(f"{paper}withdraw/", {"because": "算了"}).status_code == 403
    assert Notice.objects.get().state == "ungraded"
    assert not Signature.objects.exists()


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<svg onload=alert(1)>", b"PK\x03\x04"])
def test_what_is_no_scan_is_refused(content: bytes, path: str, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    paper = on_paper(officer, path, DECIDED)
    answer = hand_in(officer, paper, content)
    assert (answer.status_code, "不是签字页的扫描件" in answer.content.decode()) == (409, True)
    assert Paper.objects.get().state == "printed"


def test_too_large_a_scan_is_refused(settings: LazySettings, path: str, signed_in: Enter) -> None:
    settings.SCAN_BYTES = 100
    officer = signed_in("xinyong")
    assert hand_in(officer, on_paper(officer, path, DECIDED)).status_code == 409


def test_what_changed_meanwhile_is_void(path: str, county: County, signed_in: Enter) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    assert officer.sign(path, {**DECIDED, "grade": "serious"})["Location"] == "/desk/grading/"
    answer = second.sign(paper, {})
    assert answer.status_code == 409
    assert Signature.objects.count() == 1
    assert Paper.objects.get().state == "stale"


def test_a_scan_that_was_exchanged_is_not_compared(path: str, signed_in: Enter) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    block = second.block(paper)
    hand_in(officer, paper, PNG + b"another")
    answer = second.sign(paper, {}, block)
    assert (answer.status_code, "扫描件刚换过" in answer.content.decode()) == (409, True)
    assert Notice.objects.get().state == "ungraded"
    assert second.sign(paper, {})["Location"] == "/desk/papers/"


def test_refused_withdrawn_or_too_late(
    settings: LazySettings, path: str, signed_in: Enter, own_folder: Path
) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    assert second.post(f"{paper}refuse/", {"because": ""}).status_code == 422
    assert second.post(f"{paper}refuse/", {"because": "没有盖章"})["Location"] == "/desk/papers/"
    assert "没有盖章" in officer.get(paper).content.decode()
    paper = on_paper(officer, path, DECIDED)
    assert officer.post(f"{paper}withdraw/", {"because": "改主意"}).status_code == 302
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    later = timezone.now() + timedelta(days=settings.PAPER_DAYS)
    assert journey.sweep_papers(at=later, actor=Actor.system("后台")) == 1
    states = list(Paper.objects.order_by("id").values_list("state", flat=True))
    assert states == ["refused", "withdrawn", "expired"]
    assert list(own_folder.iterdir()) == []
    assert second.get(f"{paper}scan/").status_code == 409
    assert Notice.objects.get().state == "ungraded"


def test_while_it_is_carried_out_nobody_ends_a_paper(
    path: str, county: County, signed_in: Enter
) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    found = Paper.objects.get()
    papers.begin_comparing(
        paper=found,
        scan=found.scan,
        at=timezone.now(),
        actor=actor_for(county.accounts["fuhe"], timezone.localdate()),
    )
    assert second.post(f"{paper}refuse/", {"because": "没有盖章"}).status_code == 409
    assert officer.post(f"{paper}withdraw/", {"because": "改主意"}).status_code == 409
    assert Paper.objects.get().state == "comparing"
    ended = AuditLine.objects.filter(act__in=("paper.refuse", "paper.withdraw"), outcome="done")
    assert not ended.exists()


def test_of_two_who_compare_one_takes_it(path: str, county: County, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    hand_in(officer, on_paper(officer, path, DECIDED))
    found = Paper.objects.get()
    today = timezone.localdate()
    second = actor_for(county.accounts["fuhe"], today)
    papers.begin_comparing(paper=found, scan=found.scan, at=timezone.now(), actor=second)
    with pytest.raises(PaperRefused):
        papers.begin_comparing(paper=found, scan=found.scan, at=timezone.now(), actor=second)
    # Left so by a crash, the worker lays it back.
    journey.sweep_papers(at=timezone.now(), actor=Actor.system("后台"))
    assert Paper.objects.get().state == "scanned"


def test_whoever_lost_the_post_decides_nothing(path: str, county: County, signed_in: Enter) -> None:
    officer, second = signed_in("xinyong"), signed_in("fuhe")
    paper = on_paper(officer, path, DECIDED)
    hand_in(officer, paper)
    yesterday = timezone.localdate() - timedelta(days=1)
    Post.objects.filter(account=county.accounts["xinyong"]).update(until_on=yesterday)
    answer = second.sign(paper, {})
    assert (answer.status_code, "已没有当时的岗位" in answer.content.decode()) == (409, True)
    assert not Signature.objects.exists()


def test_a_form_with_errors_leaves_no_paper(path: str, signed_in: Enter) -> None:
    officer = signed_in("xinyong")
    answer = officer.post(path, {"grade": "general", **officer.block(path), "paper": "1"})
    assert answer.status_code == 422
    assert not Paper.objects.exists()


def test_every_signable_act_has_its_name() -> None:
    """Whatever takes a signature can also be signed on paper, and the list of papers calls it by a name."""
    folder = Path(journey.__file__).parent
    modules = [import_module(f"zhengxin.journey.{path.stem}") for path in folder.glob("*.py")]
    takes = {
        name
        for module in modules
        for name, verb in vars(module).items()
        if not name.startswith("_")
        and inspect.isfunction(verb)
        and name != "take_pen"
        and "signed" in verb.__annotations__
    }
    assert set(SIGNABLE) == takes == set(CALLED)
    assert len(takes) >= 17


def test_what_can_be_sent_is_taken_out() -> None:
    html = (
        '<p>a</p><!--work--><form action="/x" method="post"><input type="hidden" name="csrf" value="t">'
        '<b data-x="1" hx-get="/y">b</b><fieldset class="zx-sign" id="sign">s</fieldset></form>'
        "<script>1</script><!--/work-->"
    )
    assert as_shown(html) == "<b>b</b>"
    typed = '<textarea rows="2">很长\n的话</textarea><input type="text" name="a" value="编号" id="b"><input type="radio" checked>'
    assert as_shown(f"<!--work-->{typed}<!--/work-->") == (
        '<p class="zx-words">很长\n的话</p><p class="zx-words">编号</p><input type="radio" checked>'
    )


@pytest.mark.sqlite_story
@pytest.mark.django_db(databases=["default", "keys", "board"], transaction=True)
def test_in_a_browser(
    path: str, county: County, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = enter(context, live_server, "xinyong")
    page.goto(live_server.url + path)
    page.locator("[name=grade][value=general]").check()
    page.get_by_label("理由").fill("裁量基准第三条")
    page.get_by_role("button", name="改用纸质签署").click()
    page.wait_for_url("**/desk/papers/*/")
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    assert page.get_by_role("button", name="打印").is_visible()
    page.emulate_media(media="print")
    assert page.get_by_text("单位印章").is_visible()
    assert not page.get_by_role("button", name="上传").is_visible()
    assert page.pdf()[:5] == b"%PDF-"
    page.emulate_media(media="screen")
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(page.pdf())
    page.get_by_label("扫描件或照片").set_input_files(signed)
    page.get_by_role("button", name="上传").click()
    assert page.get_by_text("等本单位另一名同事比对：").is_visible()
    address = page.url
    other = enter(browser.new_context(locale="zh-CN"), live_server, "fuhe")
    other.goto(address)
    type_code(other, county.accounts["fuhe"])
    other.get_by_role("button", name="与扫描件一致，办理", exact=True).click()
    other.wait_for_url("**/desk/papers/")
    assert other.get_by_text("已比对，定级已办。").is_visible()
    context.close()
