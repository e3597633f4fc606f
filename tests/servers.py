"""PostgreSQL and Valkey of their own for each test run, started once and shared by its workers."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from hub import embedded

_PROVIDED = "HUB_TEST_HOME"


def provide() -> None:
    """Start the servers, unless the process that started this one has done so, and say where."""
    if os.environ.get(_PROVIDED):
        return
    home = Path(tempfile.mkdtemp(prefix="hub-tests-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another user and must reach its folder
    postgres = embedded.start_postgres(home / "postgres", log=home / "postgres.log", durable=False)
    valkey = embedded.start_valkey(home / "valkey", log=home / "valkey.log")

    starter = os.getpid()

    def clean_up() -> None:
        if os.getpid() == starter:
            postgres.stop(patience=5)
            valkey.stop(patience=5)
            shutil.rmtree(home, ignore_errors=True)

    atexit.register(clean_up)
    os.environ.update(
        {
            _PROVIDED: str(home),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_BASE_URL": "http://testserver",
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
        }
    )
