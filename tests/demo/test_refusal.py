"""Made-up enquiries never stand between those of citizens."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from enquiries.models import Enquiry
from tests.world import World, ask

pytestmark = pytest.mark.django_db


def test_a_hub_with_enquiries_of_its_own_is_refused(world: World) -> None:
    ask()
    User.objects.update(is_demo=False)
    with pytest.raises(CommandError, match="no demonstration made"):
        call_command("demo", "--size", "5")
    assert Enquiry.objects.count() == 1
