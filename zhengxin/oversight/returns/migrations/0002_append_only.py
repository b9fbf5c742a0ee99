"""Steps and lists are only added; a return keeps what it is of, and its draft stands still while signed or accepted."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

SAME = " AND ".join(
    f"NEW.{each} = OLD.{each}" for each in ("id", "mandate_id", "unit_id", "quarter")
)
_DRAFT = ("kind", "work", "problems", "next_steps", "zero_because", "pieces", "figures", "as_of")
STILL = " AND ".join(f"NEW.{each} = OLD.{each}" for each in _DRAFT)
WHILE_OPEN = f"{SAME} AND (OLD.stage IN ('open', 'returned', 'reopened') OR ({STILL}))"


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_quarterly_returns")]
    operations = [
        *append_only("returns_step"),
        *append_only("returns_listing"),
        *append_only("returns_quarterlyreturn", allow_update_when=WHILE_OPEN),
    ]
