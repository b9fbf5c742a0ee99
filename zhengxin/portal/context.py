"""What every page stands in: the county's name, whether it is invented, the reader's mode."""

from datetime import date

from django.apps import apps
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from zhengxin.publication.board import queries


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Values for the base template; the county is read only by templates that show it."""
    today: date = timezone.localdate()
    return {
        "large_print": request.COOKIES.get("mode") == "large",
        "today": today,
        "county": SimpleLazyObject(queries.county),
        "has_desk": apps.is_installed("zhengxin.desk"),
    }
