"""The reading of a plan, what was decided beside it and what was confirmed are never changed or removed."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

# A plan moves in its state; its file and its reading never change, nor its entry once it has one.
STATE_ONLY = (
    "NEW.id = OLD.id AND NEW.document_id = OLD.document_id AND NEW.title = OLD.title "
    "AND NEW.reading = OLD.reading AND NEW.sent_at = OLD.sent_at "
    "AND (OLD.state = 'read' OR (OLD.state = 'confirmed' AND NEW.state = 'ended' "
    "AND NEW.entry_id = OLD.entry_id))"
)
# Undone once, and nothing else.
UNDONE_ONLY = (
    "OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL AND NEW.id = OLD.id "
    "AND NEW.plan_id = OLD.plan_id AND NEW.kind = OLD.kind AND NEW.name = OLD.name "
    "AND NEW.unit_ids = OLD.unit_ids AND NEW.terms = OLD.terms AND NEW.because = OLD.because"
)


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_plans_and_mandates")]
    operations = [
        *append_only("oversight_document"),
        *append_only("oversight_plan", allow_update_when=STATE_ONLY),
        *append_only("oversight_amendment", allow_update_when=UNDONE_ONLY),
        *append_only("oversight_mandate"),
        *append_only("oversight_mandateunit"),
        *append_only("oversight_implementingplan"),
        *append_only("oversight_implementingplan_covers"),
    ]
