"""What uvicorn runs: `uvicorn hub.live.serving:application`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
django.setup()

from hub.live.app import Live  # noqa: E402  # after Django's set-up

application = Live()
