"""What happens at a device is counted by the day, without anything of who stood there."""

from __future__ import annotations

from kiosks.models import DayCount, DropOut


def counts() -> dict[str, int]:
    return dict(DayCount.objects.filter(source="server").values_list("name", "count"))


def left() -> list[tuple[str, str, int]]:
    return list(DropOut.objects.values_list("service", "question", "count"))


def test_a_visit_to_the_end_is_a_start_and_a_completion(visitor):
    visitor.to_check()
    visitor.post("check/")
    assert "We have it" in visitor.text
    visitor.open("again/", why="finish")
    assert counts() == {"starts": 1, "completions": 1}
    assert left() == []


def test_who_walks_off_after_sending_left_nothing_unsent(visitor):
    visitor.to_check()
    visitor.post("check/")
    visitor.open("again/", why="idle", typed="1")
    assert counts() == {"starts": 1, "completions": 1, "resets": 1}


def test_what_went_on_in_the_devices_own_pages_is_counted_there_alone(visitor):
    for path in ("again/", "start/"):
        visitor.to_check()
        visitor.open(path, why="idle", typed="1", counted="1")
    assert counts() == {"starts": 3}
    assert left() == []


def test_who_falls_silent_is_counted_with_the_question_where_it_was(visitor):
    for _turn in range(2):
        visitor.open("start/")
        visitor.post("about/", service="fly-tipping")
        visitor.post(postcode="WR11 4AA")
        visitor.open("again/", why="idle")
    visitor.open("start/")
    visitor.open("again/", why="idle", typed="1")
    assert counts() == {"starts": 3, "resets": 3, "resets_with_data": 3}
    assert left() == [("fly-tipping", "description", 2)]


def test_who_only_looked_around_left_no_question_and_no_visit_ends_twice(visitor):
    visitor.open("start/")
    visitor.open("again/", why="idle")
    visitor.open("again/", why="idle")
    visitor.to_check()
    visitor.open("")
    assert counts() == {"starts": 2, "resets": 1}
    assert left() == [("fly-tipping", "check", 1)]


def test_the_answer_that_ends_a_visit_lets_the_browser_forget_but_not_what_is_kept_for_us(visitor):
    visitor.to_check()
    answer = visitor.client.get("/kiosk/again/", {"why": "finish"})
    assert answer["Clear-Site-Data"] == '"cache"'
    assert {name for name, cookie in answer.cookies.items() if not cookie.value} == {
        "sessionid",
        "csrftoken",
    }
