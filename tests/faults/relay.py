"""The relay as `manage.py relay` starts it, with the tests' tasks registered as well."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # only now can commands be found

from tests.faults import app, work  # noqa: E402

if __name__ == "__main__":
    assert app.app.tasks[work.note.name]
    call_command("relay")
