"""The code of staff for kiosks, as the desk gives it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from accounts.models import User
from tests.kiosk.conftest import Visitor
from tests.world import World


def test_an_agent_makes_the_code_on_the_desk_and_ends_it(
    world: World, client_for: Callable[[User], Client], desk: Client, visitor: Visitor
) -> None:
    key = re.search(r'name="key" value="([^"]*)"', desk.get("/desk/help/").content.decode())
    assert key
    shown = desk.post("/desk/help/code/", {"key": key[1], "act": "make"}).content.decode()
    code = re.search(r"<code>([0-9]{4} [0-9]{4})</code>", shown)
    assert code
    again = desk.post("/desk/help/code/", {"key": key[1], "act": "make"}, follow=True)
    assert code[1] not in again.content.decode()
    visitor.post("staff/", code=code[1])
    assert "Asha is helping" in visitor.text
    desk.post("/desk/help/code/", {"act": "end"})
    visitor.open("again/")
    visitor.post("staff/", code=code[1])
    assert "That code is not good here today" in visitor.text
    assert client_for(world.officer).post("/desk/help/code/").status_code == 404
