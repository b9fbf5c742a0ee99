"""What whoever raised a proposal reads of it, and the files that come with a contact."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk.conftest import County
from tests.desk.test_proposals import REPLY, SignedIn, assigned, bound, replied
from tests.desk.test_proposals import own_keys as own_keys
from zhengxin.oversight.proposals.models import CoHandler, Opinion

pytestmark = pytest.mark.django_db(databases=["default", "keys", "board"])


def test_who_raised_it_reads_no_reply_before_it_goes_out(
    county: County, signed_in: SignedIn
) -> None:
    other = county.units["县市场监管局"]
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    part = assigned(county, signed_in, others=[other], how="cohandle", opinion_due_on=due)
    bound(signed_in)
    base, path = f"/desk/proposals/part/{part.pk}/", f"/desk/proposals/{part.proposal_id}/"
    helper = CoHandler.objects.get()
    said = {"opinion": "我局认为可以缓办"}
    assert signed_in("shichang").post(f"/desk/proposals/opinion/{helper.pk}/", said).status_code
    met = {"on": timezone.localdate().isoformat(), "form": "visit", "with_whom": "江雨眠"}
    signed_in("jingban").post(f"{base}contact/", {**met, "outcome": "代表同意先装三个路口"})
    draft = {"answer_class": "C", "promised_on": "", "text": REPLY}
    assert signed_in("fuze").sign(f"{base}reply/", draft).status_code == 302
    delegate = signed_in("daibiao")
    hidden = (REPLY, "C类", "我局认为可以缓办")
    page = delegate.get(path).content.decode()
    assert [told for told in hidden if told in page] == []
    back = {"because": "没有回应所提的事"}
    assert signed_in("xinyong").post(f"{base}send-back/", back).status_code == 302
    page = delegate.get(path).content.decode()
    assert [told for told in (*hidden, back["because"]) if told in page] == []
    assert "代表同意先装三个路口" in page
    seen = signed_in("jiandu").get(path).content.decode()
    assert [told for told in (*hidden, back["because"]) if told not in seen] == []


def test_a_delegate_reads_no_rating_or_scan_of_another(county: County, signed_in: SignedIn) -> None:
    part = replied(county, signed_in)
    bound(signed_in)
    other = part.proposal.signers.get(place=1)
    said = {"contact": "mostly", "result": "dissatisfied", "words": "柳湾的路口没有装"}
    scan = SimpleUploadedFile("意见表.pdf", b"%PDF-1.4 x")
    rate = f"/desk/proposals/part/{part.pk}/rate/{other.pk}/"
    assert signed_in("xinyong").post(rate, {**said, "scan": scan}).status_code == 302
    path = f"/desk/proposals/{part.proposal_id}/"
    delegate = signed_in("daibiao")
    page = delegate.get(path).content.decode()
    assert said["words"] not in page
    assert "不满意" not in page
    piece = Opinion.objects.get().files[0]["piece"]
    assert delegate.get(f"{path}piece/{piece}/").status_code == 404
    assert signed_in("fuze").get(f"{path}piece/{piece}/").status_code == 200


def test_a_contact_comes_with_its_record(county: County, signed_in: SignedIn) -> None:
    part = assigned(county, signed_in)
    bound(signed_in)
    path = f"/desk/proposals/part/{part.pk}/contact/"
    clerk = signed_in("jingban")
    said = {
        "on": timezone.localdate().isoformat(),
        "form": "meeting",
        "with_whom": "江雨眠",
        "outcome": "代表同意先装三个路口",
    }
    bad = SimpleUploadedFile("江雨眠13800138000.pdf", b"%PDF-1.4 x")
    refused = clerk.post(path, {**said, "evidence": bad})
    assert refused.status_code == 409
    assert "13800138000" not in refused.content.decode()
    assert not part.contacts.exists()
    files = [SimpleUploadedFile(name, b"%PDF-1.4 x") for name in ("记录.pdf", "签到.pdf")]
    assert clerk.post(path, {**said, "evidence": files}).status_code == 302
    kept = part.contacts.get().files
    assert [each["name"] for each in kept] == ["记录.pdf", "签到.pdf"]
    about = f"/desk/proposals/{part.proposal_id}/"
    for username in ("jingban", "fuze", "xinyong", "jiandu", "daibiao"):
        reader = signed_in(username)
        page = reader.get(about).content.decode()
        assert "签到.pdf" in page, username
        assert reader.get(f"{about}piece/{kept[1]['piece']}/").content == b"%PDF-1.4 x"
    assert signed_in("shichang").get(f"{about}piece/{kept[1]['piece']}/").status_code == 404
