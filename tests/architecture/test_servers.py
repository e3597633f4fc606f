"""The tests run on the real thing."""

import psycopg
import pytest
import redis


@pytest.mark.django_db
def test_the_database_is_postgresql_18_with_the_locale_of_production(pg: str) -> None:
    with psycopg.connect(pg) as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale, current_setting('server_version_num')::int"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    assert row[:2] == ("b", "C.UTF-8")
    assert row[2] >= 180000


def test_redis_is_a_real_server_that_starts_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        assert client.incr("seen") == 1
