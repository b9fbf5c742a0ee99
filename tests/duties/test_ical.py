"""The calendar feed's text (RFC 5545)."""

from datetime import UTC, date, datetime

from zhengxin.duties.ical import Appointment, calendar_text

AT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


def test_a_whole_day_with_escaped_words():
    found = calendar_text(
        "职责期限",
        [Appointment("duty-8@zhengxin", date(2026, 12, 31), "甲,乙;丙", "http://x/8/")],
        AT,
    )
    lines = found.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261128T020000Z" in lines
    assert "SUMMARY:甲\\,乙\\;丙" in lines


def test_lines_are_folded_at_75_octets_between_characters():
    found = calendar_text("职" * 60, [], AT)
    lines = found.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    [at] = [n for n, line in enumerate(lines) if line.startswith("X-WR-CALNAME")]
    unfolded = lines[at] + "".join(line[1:] for line in lines[at + 1 : at + 4] if line[:1] == " ")
    assert unfolded == "X-WR-CALNAME:" + "职" * 60
