"""Pictures: one scale, nothing too thin to see, nothing outside the frame."""

from hypothesis import given
from hypothesis import strategies as st

from zhengxin.portal.charts import BASE, SPARK_HEIGHT, SPARK_WIDTH, spark, strokes

WEEKS = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=12)


@given(WEEKS)
def test_bars_stay_in_the_frame_and_on_their_side(weeks):
    bars = spark(weeks)
    assert len(bars) == sum(bool(up) + bool(down) for up, down in weeks)
    for bar in bars:
        assert 0 <= bar.x <= bar.x + bar.width <= SPARK_WIDTH + 0.1
        if bar.look == "up":
            assert bar.y >= 0
            assert bar.y + bar.height <= BASE
        else:
            assert bar.y > BASE
            assert bar.height >= 2
            assert bar.y + bar.height <= SPARK_HEIGHT


def test_on_time_and_late_share_one_scale():
    up, down = spark([(9, 9)])
    assert up.height == down.height == 11


def test_every_decision_is_one_stroke():
    drawing = strokes([("周一", 31, 1), ("周二", 28, 0)], 640)
    assert drawing is not None
    assert [bar.look for bar in drawing.bars].count("st-late") == 1
    assert len(drawing.bars) == 59
    assert drawing.bars[-1].x + drawing.bars[-1].width <= 640


def test_the_last_label_has_room():
    drawing = strokes([("周一31", 31, 1), ("周五2", 2, 0)], 358)
    assert drawing is not None
    assert all(day.x <= 358 - 54 for day in drawing.days)


def test_too_many_or_no_decisions_are_not_drawn():
    assert strokes([("周一", 5000, 1)], 640) is None
    assert strokes([("周一", 0, 0)], 640) is None
