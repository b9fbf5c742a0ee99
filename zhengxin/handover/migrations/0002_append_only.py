"""What was sent and what was answered stays as it was; a dispatch moves only in its state."""

from django.db import migrations

from zhengxin.audit.triggers import append_only

# A dispatch's identity and content never change.
STATE_ONLY = (
    "NEW.id = OLD.id AND NEW.peer = OLD.peer AND NEW.year = OLD.year AND NEW.serial = OLD.serial "
    "AND NEW.number = OLD.number AND NEW.digest = OLD.digest AND NEW.previous = OLD.previous "
    "AND NEW.lines = OLD.lines AND NEW.packed_at = OLD.packed_at "
    "AND (OLD.state = 'waiting' OR NEW.state = OLD.state)"
)
# Which entries a file became is known only when it was admitted.
BATCH_ONLY = (
    "OLD.batch_id IS NULL AND NEW.id = OLD.id AND NEW.peer = OLD.peer AND NEW.sha256 = OLD.sha256 "
    "AND NEW.submission_id = OLD.submission_id AND NEW.state = OLD.state"
)


class Migration(migrations.Migration):
    dependencies = [("handover", "0001_initial")]
    operations = [
        *append_only("handover_line"),
        *append_only("handover_attempt"),
        *append_only("handover_answerfile"),
        *append_only("handover_answer"),
        *append_only("handover_arrival", allow_update_when=BATCH_ONLY),
        *append_only("handover_dispatch", allow_update_when=STATE_ONLY),
    ]
