"""Resolves the dependencies anew into lock files with hashes and without addresses."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
COMPILE = [
    str(BIN / "uv"), "pip", "compile", "-q", "--universal", "--python-version", "3.11",
    "--generate-hashes", "--no-header", "--no-annotate", "--upgrade",
]  # fmt: skip
# Each is held to what the one before has chosen, so that all environments agree.
LOCKS = (
    ("requirements.lock", ["pyproject.toml"]),
    ("requirements-embedded.lock", ["pyproject.toml", "--group", "embedded"]),
    ("requirements-dev.lock", ["pyproject.toml", "--group", "embedded", "--group", "dev"]),
    ("requirements-node.lock", ["--group", "node"]),
    ("requirements-uv.lock", ["--group", "uv"]),
)


def main() -> int:
    """Write every lock file."""
    held: list[str] = []
    for name, wanted in LOCKS:
        subprocess.run([*COMPILE, *wanted, *held, "-o", name], cwd=ROOT, check=True)
        print(name)
        if "pyproject.toml" in wanted:
            held = ["-c", name]
    subprocess.run(["npm", "install", "--package-lock-only"], cwd=ROOT, check=True)
    print("package-lock.json")
    return 0


if __name__ == "__main__":
    sys.exit(main())
