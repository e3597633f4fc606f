"""T-S1: a real browser draws the pages where most of it stands, and runs none of it."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Route

from tests.hostile.test_shown import browser
from tests.isolation.stage import Scene
from tests.isolation.table import readers

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
# What is typed calls `zqhit`; what the policy refuses was tried all the same.
_WATCH = """
window.zqHits = [];
window.zqhit = (what) => { window.zqHits.push(`ran ${what}`); };
document.addEventListener("securitypolicyviolation", (event) => {
  window.zqHits.push(`refused ${event.violatedDirective} ${event.blockedURI}`);
});
"""


def richest(scene: Scene) -> dict[str, str]:
    """Pages with most of what people wrote, each for who reads it."""
    found = {}
    for key in ("a.accepted", "a.done", "both", "hub.open"):
        thing = scene.things[key]
        found[f"/desk/cases/{thing.reference}/"] = "lead"
        found[f"/track/{thing.reference}/{thing.secret}/"] = "anonymous"
        found[f"/desk/people/{thing.person}/"] = "agent"
    for key in ("a.accepted", "a.done"):
        found[f"/desk/referrals/{scene.things[key].referrals['a']}/"] = "officer_a"
    found |= {"/desk/": "agent", "/desk/referrals/": "officer_a", "/demo/post-box/": "agent"}
    return {**found, "/search/?q=%3Cimg zq src=x onerror=zqhit(1)%3E": "anonymous"}


def test_no_browser_runs_what_somebody_wrote(scene: Scene, page: Page) -> None:
    drawn = {
        path: (browser(scene, readers()[name]).get(path)) for path, name in richest(scene).items()
    }

    def serve(route: Route) -> None:
        asked = urlsplit(route.request.url)
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        file = finders.find(path[len("/static/") :]) if path.startswith("/static/") else None
        if route.request.url.startswith(SITE) and (answer := by_path.get(path)) is not None:
            route.fulfill(
                status=answer.status_code, headers=dict(answer.headers), body=answer.content
            )
        elif isinstance(file, str):
            kind = mimetypes.guess_type(file)[0] or "text/plain"
            route.fulfill(body=Path(file).read_bytes(), content_type=kind)
        else:
            route.fulfill(status=404, content_type="text/html", body="<p>Nothing</p>")

    by_path = {path.replace(" ", "%20"): answer for path, answer in drawn.items()}
    page.add_init_script(_WATCH)
    page.route("**/*", serve)
    wrong, full = [], 0
    for path, answer in by_path.items():
        assert answer.status_code == 200, path
        full += b"zqhit" in answer.content
        page.goto(f"{SITE}{path}", wait_until="load")
        page.wait_for_timeout(50)
        wrong += [f"{path}: {hit}" for hit in page.evaluate("window.zqHits")]
        made = page.evaluate("document.querySelectorAll('[zq], zqhit').length")
        wrong += [f"{path}: {made} elements"] if made else []
    assert not wrong, "\n".join(wrong)
    assert full > 10
    # And the watch itself sees what runs, where nothing is escaped.
    page.goto(f"{SITE}/nothing/", wait_until="load")
    page.set_content("<img zq src=x onerror=zqhit(1)>")
    page.wait_for_function("window.zqHits.length > 0")
