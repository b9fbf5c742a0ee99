"""Who may do what with proposals. Each rule once: check_x raises, can_x answers.

offices: the units that assign this kind today; where none is registered, the credit office does.
units: the actor's own unit and those it followed.
"""

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from zhengxin.kernel.actor import Actor, Role
from zhengxin.kernel.refused import NotAllowed

_OF_UNITS = (Role.CLERK, Role.LEADER)
_READERS = (*_OF_UNITS, Role.CREDIT_OFFICER, Role.REVIEWER, Role.SUPERVISOR, Role.DELEGATE)
_SIGNERS = (Role.LEADER, Role.CREDIT_OFFICER)


def check_see_proposals(actor: Actor) -> None:
    """See suggestions and proposals; which ones is limited by queries.visible."""
    if not actor.has(*_READERS):
        raise NotAllowed(
            _("您不能查看建议提案。"),
            _("您的岗位不办理建议提案。"),
            _("确有需要的，请问交办单位。"),
        )


def can_see_proposals(actor: Actor) -> bool:
    """True when check_see_proposals passes."""
    return _passes(check_see_proposals, actor)


def check_see_figures(actor: Actor) -> None:
    """See figures of all units: whoever works with proposals, except those who raise them."""
    check_see_proposals(actor)
    if actor.has(Role.DELEGATE):
        raise NotAllowed(
            _("您不能查看各单位的办理情况。"),
            _("代表、委员在这里看自己提出的。"),
            _("请从建议提案列表里打开。"),
        )


def can_see_figures(actor: Actor) -> bool:
    """True when check_see_figures passes."""
    return _passes(check_see_figures, actor)


def check_name_office(actor: Actor) -> None:
    """Register which unit assigns: the credit office."""
    if not actor.has(Role.CREDIT_OFFICER):
        raise NotAllowed(
            _("您不能登记交办单位。"), _("交办单位由信用办登记。"), _("请联系信用办。")
        )


def can_name_office(actor: Actor) -> bool:
    """True when check_name_office passes."""
    return _passes(check_name_office, actor)


def check_keep_register(actor: Actor, *, offices: Collection[int], units: Collection[int]) -> None:
    """Register proposals, import lists, bind accounts, enter paper forms: whoever works at an assigning office."""
    if actor.has(Role.SYSTEM) or _at_office(
        actor, (*_OF_UNITS, Role.CREDIT_OFFICER), offices, units
    ):
        return
    raise _not_office(_("您不能登记建议提案。"))


def can_keep_register(actor: Actor, *, offices: Collection[int], units: Collection[int]) -> bool:
    """True when check_keep_register passes."""
    return _passes(check_keep_register, actor, offices=offices, units=units)


def check_assign(actor: Actor, *, offices: Collection[int], units: Collection[int]) -> None:
    """Assign, decide on a return, extend, look over a reply: the leader of an assigning office, or the credit office."""
    if not _at_office(actor, _SIGNERS, offices, units):
        raise _not_office(_("您不能交办建议提案，也不能审核答复。"))


def can_assign(actor: Actor, *, offices: Collection[int], units: Collection[int]) -> bool:
    """True when check_assign passes."""
    return _passes(check_assign, actor, offices=offices, units=units)


def check_look_over(
    actor: Actor,
    *,
    writer_id: int,
    own: bool,
    offices: Collection[int],
    units: Collection[int],
) -> None:
    """Send a reply out or back: as check_assign, and never who signed it.

    own: whether an assigning office handles it itself (queries.themselves); the credit office or a reviewer looks
    that over.
    """
    if not own:
        check_assign(actor, offices=offices, units=units)
    elif not actor.has(Role.CREDIT_OFFICER, Role.REVIEWER):
        raise NotAllowed(
            _("您不能审核这份答复。"),
            _("这一件由交办单位自己承办，不能自己核实自己。"),
            _("请由信用办或者复核人员审核。"),
        )
    if actor.is_or_acts_for(writer_id):
        raise NotAllowed(
            _("您不能审核这份答复。"), _("答复是您本人签的。"), _("请由交办单位的另一人审核。")
        )


def can_look_over(
    actor: Actor,
    *,
    writer_id: int,
    own: bool,
    offices: Collection[int],
    units: Collection[int],
) -> bool:
    """True when check_look_over passes."""
    return _passes(
        check_look_over,
        actor,
        writer_id=writer_id,
        own=own,
        offices=offices,
        units=units,
    )


def check_handle(actor: Actor, *, unit_id: int, units: Collection[int]) -> None:
    """Contact, opinion, return: a clerk or the leader of the unit it was given to."""
    if not actor.has(*_OF_UNITS) or unit_id not in units:
        raise NotAllowed(
            _("您不能办理这一件。"),
            _("它由承办或会办单位的经办人、负责人办理。"),
            _("请联系承办单位。"),
        )


def can_handle(actor: Actor, *, unit_id: int, units: Collection[int]) -> bool:
    """True when check_handle passes."""
    return _passes(check_handle, actor, unit_id=unit_id, units=units)


def check_reply(actor: Actor, *, unit_id: int, units: Collection[int]) -> None:
    """Sign a reply: the leader of the unit."""
    if not actor.has(Role.LEADER) or unit_id not in units:
        raise NotAllowed(
            _("您不能签署答复。"), _("答复由承办单位的负责人签署。"), _("请由负责人登录后签署。")
        )


def can_reply(actor: Actor, *, unit_id: int, units: Collection[int]) -> bool:
    """True when check_reply passes."""
    return _passes(check_reply, actor, unit_id=unit_id, units=units)


def check_release(
    actor: Actor, *, writer_id: int, offices: Collection[int], units: Collection[int]
) -> None:
    """Release a reply for the public: a reviewer or the assigning office, never who signed it."""
    what = _("您不能准予公开答复。")
    if not actor.has(Role.REVIEWER) and not _at_office(actor, _SIGNERS, offices, units):
        raise NotAllowed(what, _("由复核人员或者交办单位的负责人办理。"), _("请联系交办单位。"))
    if actor.is_or_acts_for(writer_id):
        raise NotAllowed(what, _("答复是您本人签的。"), _("请由另一人审核公开。"))


def can_release(
    actor: Actor, *, writer_id: int, offices: Collection[int], units: Collection[int]
) -> bool:
    """True when check_release passes."""
    return _passes(check_release, actor, writer_id=writer_id, offices=offices, units=units)


def check_rate(actor: Actor, *, account_id: int | None) -> None:
    """Rate for oneself. account_id: the account of the signer."""
    if not actor.has(Role.DELEGATE) or account_id is None or actor.account_id != account_id:
        raise NotAllowed(
            _("您不能评价这份答复。"),
            _("评价由提出的代表、委员本人作出。"),
            _("收到纸质意见表的，由交办单位录入并附上扫描件。"),
        )


def can_rate(actor: Actor, *, account_id: int | None) -> bool:
    """True when check_rate passes."""
    return _passes(check_rate, actor, account_id=account_id)


def check_say_consent(
    actor: Actor, *, account_id: int | None, offices: Collection[int], units: Collection[int]
) -> None:
    """Say whether the public may see it: who raised it, or the office as it was told."""
    if not can_rate(actor, account_id=account_id):
        check_keep_register(actor, offices=offices, units=units)


def can_say_consent(
    actor: Actor, *, account_id: int | None, offices: Collection[int], units: Collection[int]
) -> bool:
    """True when check_say_consent passes."""
    return _passes(check_say_consent, actor, account_id=account_id, offices=offices, units=units)


def _at_office(
    actor: Actor, roles: tuple[Role, ...], offices: Collection[int], units: Collection[int]
) -> bool:
    if not offices:
        return actor.has(Role.CREDIT_OFFICER)
    return actor.has(*roles) and not set(offices).isdisjoint(units)


def _not_office(what: str) -> NotAllowed:
    return NotAllowed(
        what,
        _("由登记的交办单位办理；没有登记交办单位的，由信用办办理。"),
        _("请联系交办单位。"),
    )


def _passes(check: Callable[..., None], *given: object, **named: object) -> bool:
    try:
        check(*given, **named)
    except NotAllowed:
        return False
    return True
