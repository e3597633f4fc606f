"""Every page of the desk opens for who may, and for nobody else."""

from __future__ import annotations

from tests.world import ask


def _pages(reference: str) -> list[str]:
    return [
        "/desk/",
        "/desk/?view=mine",
        "/desk/?view=team",
        "/desk/?view=all&service=missed-bin&organisation=wychavon&channel=web&status=referred&late=on",
        "/desk/?view=ended",
        "/desk/contact/",
        f"/desk/cases/{reference}/",
        "/desk/people/",
    ]


def test_an_agent_opens_every_page_of_the_desk(world, client_for):
    reference = ask().enquiries[0].reference
    client = client_for(world.agent)
    for page in _pages(reference):
        assert client.get(page).status_code == 200, page


def test_nobody_opens_a_page_without_signing_in(world, client):
    reference = ask().enquiries[0].reference
    for page in [*_pages(reference), "/desk/referrals/", "/desk/settings/"]:
        response = client.get(page)
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=/desk/")
