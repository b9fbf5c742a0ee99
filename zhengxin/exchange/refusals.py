"""How the API says no: in Chinese, with what, why and what to do."""

from collections.abc import Collection, Iterable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from zhengxin.kernel.refused import Refused


class NotOnBoard(Refused):
    """Nothing of this number is shown; whether it exists is not said."""

    def __init__(self) -> None:
        super().__init__(
            _("这里没有可以展示的内容。"),
            _("编号可能写错，也可能公示期已满、已经更正或依法不公开，本接口不作区分。"),
            _("请核对编号；保存了副本的，请查看更正清单/api/v1/corrections。"),
        )


class NoSuchAddress(Refused):
    """Nothing answers under this address."""

    def __init__(self) -> None:
        super().__init__(
            _("接口没有这个地址。"),
            _("地址可能写错，或者少写了版本。"),
            _("可用的地址见/api/v1/openapi.json。"),
        )


class UnknownParameter(Refused):
    """A query parameter that the address does not know; nothing is ignored in silence."""

    def __init__(self, unknown: Iterable[str], known: Collection[str]) -> None:
        names = "、".join(name[:40] for name in unknown)
        has = _("这个地址的参数有：%(names)s。") % {"names": "、".join(known)}
        turning = [name for name in ("after", "before") if name in known]
        super().__init__(
            _("请求没有办理：不认识参数%(names)s。") % {"names": names},
            has if known else _("这个地址没有参数。"),
            _("翻页请用%(name)s，或者照着答复里的next取下一页。") % {"name": turning[0]}
            if turning
            else _("请去掉它再取。"),
        )


class KeyNeeded(Refused):
    """Adverse entries go to registered recipients only."""

    def __init__(self, given: bool) -> None:
        super().__init__(
            _("没有给出失信类记录。"),
            _("密钥无效或已经停用。") if given else _("失信类记录只提供给登记过的单位。"),
            _("请向县信用主管部门登记领取密钥，放在请求头Authorization里，写作Bearer加密钥。"),
        )


class NotLogged(Refused):
    """What cannot be noted is not given out."""

    def __init__(self) -> None:
        super().__init__(
            _("没有给出失信类记录。"),
            _("取用失信类记录要留下记录，现在记不下来。"),
            _("请过一会儿再取；一直如此的，请联系县信用主管部门。"),
        )


def attach(api: NinjaAPI) -> None:
    """Answer every error of `api` with a refusal people can read."""

    def answer(request: HttpRequest, refused: tuple[str, str, str], status: int) -> HttpResponse:
        what, why, remedy = refused
        return api.create_response(
            request, {"what": what, "why": why, "remedy": remedy}, status=status
        )

    @api.exception_handler(NotOnBoard)
    def not_on_board(request: HttpRequest, exc: NotOnBoard) -> HttpResponse:
        return answer(request, (exc.what, exc.why, exc.remedy), 404)

    @api.exception_handler(NoSuchAddress)
    def no_such_address(request: HttpRequest, exc: NoSuchAddress) -> HttpResponse:
        return answer(request, (exc.what, exc.why, exc.remedy), 404)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, exc: Http404) -> HttpResponse:
        return not_on_board(request, NotOnBoard())

    @api.exception_handler(KeyNeeded)
    def key_needed(request: HttpRequest, exc: KeyNeeded) -> HttpResponse:
        response = answer(request, (exc.what, exc.why, exc.remedy), 401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(NotLogged)
    def not_logged(request: HttpRequest, exc: NotLogged) -> HttpResponse:
        return answer(request, (exc.what, exc.why, exc.remedy), 503)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, exc: Refused) -> HttpResponse:
        return answer(request, (exc.what, exc.why, exc.remedy), 400)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
        places = "、".join(
            dict.fromkeys(str(error["loc"][-1]) for error in exc.errors if error.get("loc"))
        )
        why = _("参数%(places)s不符合要求。") % {"places": places}
        remedy = _("请按/api/v1/openapi.json里的说明改正。")
        return answer(request, (_("请求没有办理。"), why, remedy), 422)


def no_version(request: HttpRequest) -> JsonResponse:
    """Any address under /api/ that is not of a version: refused as readably as the rest."""
    told = NoSuchAddress()
    body = {"what": told.what, "why": told.why, "remedy": told.remedy}
    return JsonResponse(body, status=404, json_dumps_params={"ensure_ascii": False})
