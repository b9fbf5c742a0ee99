"""Plans on the board, as oversight gives them; the board holds them as one figure."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder

from zhengxin.kernel.actor import Actor
from zhengxin.publication.board.models import BoardFigure
from zhengxin.publication.board.plan_types import PlanPage


def put_plans(*, plans: Sequence[PlanPage], at: datetime, actor: Actor) -> None:
    """These plans, and no others, are what the public sees."""
    value = json.loads(json.dumps([asdict(plan) for plan in plans], cls=DjangoJSONEncoder))
    BoardFigure.objects.using("board").update_or_create(
        name="plans", defaults={"value": value, "computed_at": at}
    )
