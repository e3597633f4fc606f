import pytest
from playwright.sync_api import Page
from customers.models import Person, Adjustment, Alert
from tests.people.test_browser import site, tab_to, enter
from tests.desk.test_browser import sign_in
from tests.world import NOW
pytestmark = pytest.mark.django_db(transaction=True)
def test_shots(site, page):
    sign_in(page, site, "agent@hub.demo")
    p=Person.objects.get(full_name="Jo Bloggs"); o=Person.objects.get(full_name="Joe Blogs")
    Alert.objects.create(person=p,kind="safety",why="Shouted at staff, two visit",seen_by="all",recorded_at=NOW,recorded_by="Ada",review_on=NOW)
    Adjustment.objects.create(person=p,kind="large_print",recorded_at=NOW,review_on=NOW); Person.objects.filter(pk=p.pk).update(adjustments=["large_print"])
    for n,u in [("person",f"/desk/people/{p.public_id}/"),("details",f"/desk/people/{p.public_id}/details/"),("same",f"/desk/people/{p.public_id}/same/"),("pair",f"/desk/people/{p.public_id}/same/{o.public_id}/")]:
        page.goto(site+u)
        for w in (1440,390):
            page.set_viewport_size({"width":w,"height":900}); page.screenshot(path=f"/tmp/w/people_{n}_{w}.png",full_page=True)
    page.set_viewport_size({"width":1440,"height":900})
    page.goto(site+"/desk/contact/"); page.get_by_role("button", name="Start the contact").click()
    page.locator("summary", has_text="Add somebody new").click()
    page.get_by_label("Full name", exact=True).fill("Jo Blogs"); page.get_by_label("Phone", exact=True).fill("07700 900123"); page.get_by_role("button",name="Add them").click()
    page.wait_for_selector("#doubt"); page.screenshot(path="/tmp/w/people_doubt.png",full_page=True)
    page.locator("#doubt li").get_by_role("button").first.click(); page.wait_for_selector("text=Somebody else"); page.screenshot(path="/tmp/w/people_contact.png",full_page=True)
