"""The relay as `manage.py relay` starts it, with the tests' tasks registered as well."""

from django.core.management import execute_from_command_line

from tests.faults.app import app

if __name__ == "__main__":
    assert "tests.faults.work" in app.conf.imports
    execute_from_command_line(["manage.py", "relay"])
