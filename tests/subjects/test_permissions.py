"""Whose file opens for whom."""

from datetime import date

import pytest

from tests.subjects.conftest import AT, SYSTEM, person
from tests.subjects.test_actions import HASH, OFFICER, SHOP_2, agreement, establish
from zhengxin.audit.actions import PurposeMissing
from zhengxin.kernel.actor import Role
from zhengxin.kernel.refused import NotAllowed
from zhengxin.subjects import actions, permissions
from zhengxin.subjects.types import Mention

TODAY = AT.date()
WHY = "核对处罚记录"


def opened(actor, subject_id, purpose=WHY, on=TODAY):
    return permissions.check_open_file(actor, subject_id=subject_id, on=on, purpose=purpose)


@pytest.mark.django_db
def test_a_persons_file_opens_only_to_three_roles_and_for_a_purpose(county):
    [pk] = establish(Mention("沈小河", id_hash=HASH)).values()
    home = county["示例县财政局"]
    can = {
        role
        for role in Role
        if permissions.can_open_file(person(role, home), subject_id=pk, on=TODAY, purpose=WHY)
    }
    assert can == {Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR}
    for purpose in ("", "  "):
        with pytest.raises(PurposeMissing):
            opened(OFFICER, pk, purpose=purpose)
    stated = person(Role.CREDIT_OFFICER, home, purpose=WHY)
    assert opened(stated, pk, purpose="").units is None


@pytest.mark.django_db
def test_the_supervisor_sees_no_closed_fields(county):
    [pk] = establish(Mention("甲公司", SHOP_2)).values()
    assert opened(OFFICER, pk).closed_fields
    assert opened(person(Role.REVIEWER), pk).closed_fields
    assert not opened(person(Role.SUPERVISOR), pk).closed_fields


@pytest.mark.django_db
def test_a_clerk_sees_the_own_units_lines_and_what_agreements_name(county):
    [pk] = establish(Mention("甲公司", SHOP_2)).values()
    clerk = person(Role.CLERK, county["示例县商务局"])
    before = opened(clerk, pk)
    assert before.units == {county["示例县商务局"]}
    assert (before.fields, before.shared, before.closed_fields) == (None, {}, False)
    agreement(county)
    agreement(county, fields=["CF_NR_FK"])
    assert opened(clerk, pk).shared == {county["示例县财政局"]: {"CF_WSH", "CF_JDRQ", "CF_NR_FK"}}
    assert opened(clerk, pk, on=date(2028, 1, 1)).shared == {}


@pytest.mark.django_db
def test_another_units_file_opens_only_under_an_agreement(county):
    owner = county["示例县财政局"]
    clerk = person(Role.CLERK, county["示例县商务局"])
    with pytest.raises(NotAllowed, match="共享协议"):
        opened(clerk, owner)
    assert not permissions.can_look_up(clerk, owner_id=owner, on=TODAY)
    made = agreement(county)
    assert opened(clerk, owner).fields == {"CF_WSH", "CF_JDRQ"}
    assert permissions.can_look_up(clerk, owner_id=owner, on=TODAY)
    # Not for another unit, another role, or after the end.
    other = person(Role.CLERK, county["示例县水利局"])
    assert not permissions.can_open_file(other, subject_id=owner, on=TODAY, purpose=WHY)
    admin = person(Role.SYSTEM_ADMIN, county["示例县商务局"])
    assert not permissions.can_look_up(admin, owner_id=owner, on=TODAY)
    actions.end_agreement(agreement_id=made.pk, at=AT, actor=OFFICER)
    assert not permissions.can_open_file(clerk, subject_id=owner, on=TODAY, purpose=WHY)


@pytest.mark.django_db
def test_a_unit_opens_its_own_file_and_administrators_none(county):
    home = county["示例县财政局"]
    for role in (Role.CLERK, Role.LEADER):
        assert opened(person(role, home), home).units == {home}
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        with pytest.raises(NotAllowed):
            opened(person(role, home), home)
    with pytest.raises(NotAllowed):
        opened(SYSTEM, home)
