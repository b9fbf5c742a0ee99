"""What every page stands in: the county's name, whether it is invented, the reader's mode."""

from django.http import HttpRequest


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Values for the base template."""
    return {"large_print": request.COOKIES.get("mode") == "large"}
