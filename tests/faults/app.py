"""The project's Celery application and the tests' own tasks, for processes that tests start."""

from hub.celery import app as app

# By name: the tasks' modules need Django's apps, which Celery sets up before it imports them.
app.conf.imports = (*app.conf.imports, "tests.faults.work")
