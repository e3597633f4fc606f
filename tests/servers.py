"""PostgreSQL and Valkey of their own for each process that runs tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from hub import embedded

_PROVIDED = "HUB_TEST_HOME"
_WORKER = "HUB_TEST_WORKER"


def provide() -> None:
    """Start the servers, unless the test process that this one belongs to has done so.

    Each worker has its own: who reads the ledger waits for the oldest transaction of the whole
    server, and must not wait for another worker's.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if os.environ.get(_PROVIDED) and os.environ.get(_WORKER, "") == worker:
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
            _WORKER: worker,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "HUB_DATA_DIR": str(home / "var"),
            "HUB_DEVELOPMENT": "1",
            "HUB_DEMO": "1",
            "HUB_BASE_URL": "http://testserver",
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
        }
    )
