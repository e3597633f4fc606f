"""Days, promises and figures in words; charts as geometry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from hub import charting
from hub.templatetags import hub_words as words


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2020, 11, 26, 14, 10, tzinfo=UTC), "Thu 26 Nov 2020, 2:10pm"),
        (datetime(2020, 7, 1, 8, 0, tzinfo=UTC), "Wed 1 Jul 2020, 9am"),
        (datetime(2020, 1, 1, 12, 0, tzinfo=UTC), "Wed 1 Jan 2020, midday"),
        (datetime(2020, 1, 1, 0, 0, tzinfo=UTC), "Wed 1 Jan 2020, midnight"),
        (datetime(2020, 1, 1, 0, 5, tzinfo=UTC), "Wed 1 Jan 2020, 12:05am"),
        (None, ""),
    ],
)
def test_a_moment_is_said_in_local_time_as_people_say_it(moment, said) -> None:
    assert words.moment(moment) == said


def test_a_promise_says_its_day_and_hour_and_this_year_goes_without_saying() -> None:
    due = timezone.localtime().replace(month=11, day=26, hour=17, minute=0)
    assert words.due_by(due).endswith("26 Nov, by 5pm")
    assert words.due_by(date(2020, 11, 26)) == "Thu 26 Nov 2020"
    assert words.long_day(date(2020, 11, 26)) == "Thursday 26 November 2020"


@pytest.mark.parametrize(
    ("away", "said", "tone"),
    [
        (timedelta(hours=2, minutes=10, seconds=30), "2 h 10 min left", "soon"),
        (timedelta(minutes=5, seconds=30), "5 min left", "soon"),
        (timedelta(days=5, minutes=1), "5 days left", ""),
        (timedelta(days=1, hours=3, minutes=1), "1 day 3 h left", ""),
        (-timedelta(hours=3, seconds=1), "3 h late", "late"),
    ],
)
def test_what_is_left_of_a_promise_is_said_and_toned(away, said, tone) -> None:
    at = timezone.now() + away
    assert words.left(at) == said
    assert words.due_tone(at) == tone


def test_unknown_is_a_word_and_not_a_nought() -> None:
    assert words.percent(None) == "not known"
    assert words.percent(0.8734) == "87.3%"
    assert words.due_by(None) == words.left(None) == words.due_tone(None) == ""
    assert charting.figure(None, "%") == "not known"


def test_every_state_has_its_word_and_its_shape() -> None:
    assert (words.status_word("in_progress"), words.status_tone("in_progress")) == (
        "In progress",
        "moving",
    )
    assert words.status_word("something_new") == "Something new"


def test_an_answer_keeps_its_lists_and_loses_its_scripts() -> None:
    html = words.prose("## Try\n\n- one\n\n<script>x</script> [a](javascript:alert(1))")
    assert "<h2>Try</h2>" in html
    assert "<li>one</li>" in html
    assert "<script" not in html
    assert "href" not in html


def test_bars_stay_on_the_paper_whatever_the_figures() -> None:
    plot = charting.bars(
        {
            "unit": "%",
            "target": 0.7,
            "rows": [
                {"label": "A " * 60, "value": 0.9, "high": 1.4, "low": 0.8, "pending": 0.5},
                {"label": "Nothing", "value": None, "n": 0},
            ],
        }
    )
    first, second = plot.bars
    edge = plot.start + plot.track
    assert len(first.lines) == 2
    assert first.pending_x + first.pending_width <= edge
    assert first.high_x == edge
    assert (second.width, second.value, second.note) == (0, "not known", "n 0")
    assert plot.target_x == pytest.approx(plot.start + plot.track * 0.7)


def test_a_line_breaks_at_gaps_and_draws_what_is_pending_apart() -> None:
    points = [
        {"label": str(i), "value": value, "low": 0.1, "high": 0.9, "pending": i == 4}
        for i, value in enumerate([0.1, 0.2, None, 0.3, 0.4])
    ]
    plot = charting.line({"unit": "%", "points": points})
    assert (len(plot.solid), len(plot.pending), len(plot.points)) == (1, 1, 4)
    assert plot.last is not None
    assert plot.last.pending
    assert charting.line({"unit": "h", "points": []}).last is None


@pytest.mark.parametrize(
    ("values", "unit", "end"), [([0.4], "%", 1.0), ([42], "h", 45), ([], "h", 1), ([0.3], "", 0.3)]
)
def test_an_axis_ends_at_a_round_number(values, unit, end) -> None:
    assert charting.ceiling(values, unit) == pytest.approx(end)


@pytest.mark.parametrize("value", [79, 80, 81, 78.5, 84, 20])
def test_the_last_figure_is_never_written_over_the_targets_words(value) -> None:
    points = [{"label": "Oct", "value": 50}, {"label": "Nov", "value": value}]
    plot = charting.line({"unit": "%", "points": points, "target": 80, "max": 100})
    assert plot.last is not None
    assert plot.last_y is not None
    assert plot.target_y is not None
    assert round(abs(plot.last_y - plot.target_y), 1) >= 18
    assert round(abs(plot.last_y - plot.last.y), 1) <= 18


def test_a_chart_is_a_picture_with_a_title_a_description_and_no_style() -> None:
    html = Template("{% load charts %}{% bar_chart chart %}{% line_chart chart %}").render(
        Context(
            {
                "chart": {
                    "id": "x",
                    "title": "By <channel>",
                    "desc": "Words",
                    "unit": "%",
                    "rows": [{"label": "Web", "value": 0.5, "n": 3}],
                    "points": [{"label": "May", "value": 0.5}],
                }
            }
        )
    )
    assert html.count('role="img"') == 2
    assert html.count("<desc") == 2
    assert "By &lt;channel&gt;" in html
    assert "style=" not in html
