"""The project's settings, on servers that were started for this test run alone."""

from tests import servers

servers.provide()

from hub.settings import *  # noqa: E402, F403  # only now do the settings find the servers

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many users, few seconds
HUB_QUIET_HOURS = "off"  # tests run at night, too; those of quiet hours set them
CARRIERS_KEPT_SECONDS = 0  # what a test changes counts at once
FORM_QUICKEST_SECONDS = 0  # tests answer quickly; tests/spam sets its own
