"""A statement that goes straight to PostgreSQL: prepared once, and at home in every connection."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection, transaction

from kiosks.straight import Statement

pytestmark = pytest.mark.django_db


def alone(work: Callable[[], Any]) -> Any:
    """What it gives on a connection of its own."""

    def closing() -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as own:
        return own.submit(closing).result()


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def prepared() -> int:
    return int(asked("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'hub%'"))


def test_it_is_prepared_once_and_again_where_the_connection_died() -> None:
    said = Statement("SELECT $1::text, $2::int + 1, NULL WHERE $1 <> ''")

    def work() -> None:
        assert [said.row(["zażółć", "1"]), said.row(["", "1"])] == [["zażółć", "2", None], None]
        assert prepared() == 1
        with pytest.raises(DataError):
            said.row(["x", "no number"])
        assert said.row(["x", "2"]) == ["x", "3", None]
        with pytest.raises(OperationalError):
            asked("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(OperationalError):
            said.row(["x", "2"])
        connection.close()
        assert said.row(["x", "3"]) == ["x", "4", None]
        assert prepared() == 1

    alone(work)


def test_it_is_prepared_again_where_all_names_were_let_go() -> None:
    said = Statement("SELECT $1::int + 7")

    def work() -> None:
        assert said.row(["1"]) == ["8"]
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        assert said.row(["2"]) == ["9"]
        assert prepared() == 1

    alone(work)


def test_a_transaction_begins_with_it_too() -> None:
    kept = Statement("SELECT set_config('hub.said', $1, true)")

    def work() -> tuple[str, str]:
        with transaction.atomic():
            kept.row(["inside"])
            inside = asked("SELECT current_setting('hub.said', true)")
        return inside, asked("SELECT current_setting('hub.said', true)")

    assert alone(work) == ("inside", "")


def test_behind_a_pool_nothing_is_prepared() -> None:
    def work() -> tuple[list[str | None] | None, int]:
        connection.ensure_connection()
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        try:
            return Statement("SELECT $1::int * 2").row(["4"]), prepared()
        finally:
            connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False

    assert alone(work) == (["8"], 0)
