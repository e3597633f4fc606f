"""Writes the SQL of every migration of ours into a folder, for those who check it."""

import os
import sys
from pathlib import Path

from tests import servers


def write(folder: Path) -> int:
    """One file per migration; the number of files."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    django.setup()
    ours = {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(settings.BASE_DIR)
        and "site-packages" not in config.path
    }
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.sql"):
        old.unlink()
    loader = MigrationLoader(connection, replace_migrations=False)
    written = 0
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if label not in ours:
            continue
        ignored = list(getattr(migration, "squawk_ignored", ()))
        if not migration.atomic:
            ignored.append("ban-concurrent-index-creation-in-transaction")
        lines = [f"-- squawk-ignore-file {rule}" for rule in ignored]
        lines += loader.collect_sql([(migration, False)])
        (folder / f"{label}.{name}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
        written += 1
    return written


if __name__ == "__main__":
    servers.provide()
    os.environ["DJANGO_SETTINGS_MODULE"] = "hub.settings"
    print(write(Path(sys.argv[1])), "files")
