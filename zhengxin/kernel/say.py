"""Chinese sentences for code that may not import Django.

The message id is the Chinese sentence itself, so a missing translation is still a finished sentence.
"""

import gettext
from functools import lru_cache
from pathlib import Path

DOMAIN = "zhengxin"
LOCALE_DIR = Path(__file__).resolve().parents[1] / "locale"


@lru_cache(maxsize=1)
def _catalogue() -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, localedir=LOCALE_DIR, fallback=True)


def say(template: str, **values: object) -> str:
    """The sentence `template` in the reader's language, with `{name}` places filled from `values`.

    Raises KeyError when a place has no value.
    """
    return _catalogue().gettext(template).format(**values)
