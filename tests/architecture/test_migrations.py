"""Migrations stand in one line, and say all that the models say."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def _ours() -> list[str]:
    return [
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).parent in (settings.BASE_DIR, settings.BASE_DIR / "channels")
    ]


def test_every_app_has_one_newest_migration_and_names_it() -> None:
    loader = MigrationLoader(None)
    for label in _ours():
        leaves = loader.graph.leaf_nodes(label)
        assert len(leaves) <= 1, leaves
        if leaves:
            folder = Path(apps.get_app_config(label).path) / "migrations"
            newest = (folder / "max_migration.txt").read_text("utf-8").strip()
            assert newest == leaves[0][1]


@pytest.mark.django_db
def test_no_change_of_a_model_waits_for_its_migration() -> None:
    assert connection.vendor == "postgresql"
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_use_no_collation_that_the_embedded_server_lacks() -> None:
    words = ("db_collation", "CreateCollation", "und-x-icu", "provider = icu")
    found = [
        f"{path.name}: {word}"
        for path in settings.BASE_DIR.glob("*/migrations/*.py")
        for word in words
        if word in path.read_text("utf-8")
    ]
    assert found == []
