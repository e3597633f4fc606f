"""Addresses of contacts: somebody on the telephone or at the counter, and what they came for."""

from django.urls import path

from desk.views import begun, calls, contact_person, contacts, outages, sitting

urlpatterns = [
    path("", contacts.start, name="desk-contacts"),
    path("unfinished/", sitting.unfinished, name="desk-unfinished"),
    path("on-the-line/<uuid:public_id>/", calls.mine, name="desk-call"),
    path("offered/<uuid:public_id>/<slug:act>/", sitting.offered, name="desk-offered"),
    path("<uuid:public_id>/", contacts.contact, name="desk-contact"),
    path("<uuid:public_id>/find/", contact_person.find, name="desk-find-person"),
    path("<uuid:public_id>/person/", contact_person.choose, name="desk-choose"),
    path("<uuid:public_id>/act-for/", contact_person.act_for, name="desk-act-for"),
    path("<uuid:public_id>/add-person/", contact_person.add, name="desk-add-person"),
    path("<uuid:public_id>/raise/", contacts.raise_enquiry, name="desk-raise"),
    path("<uuid:public_id>/begun/", begun.finish, name="desk-begun"),
    path("<uuid:public_id>/about/", contacts.about_earlier, name="desk-about"),
    path("<uuid:public_id>/link/", sitting.link, name="desk-link"),
    path("<uuid:public_id>/none-of-these/", sitting.none_of_these, name="desk-none-of-these"),
    path("<uuid:public_id>/wrap-up/", sitting.wrap_up, name="desk-wrap-up"),
    path("<uuid:public_id>/park/", sitting.park, name="desk-park"),
    path("<uuid:public_id>/go-on/", sitting.go_on, name="desk-go-on"),
    path("<uuid:public_id>/take-over/", sitting.take_over, name="desk-take-over"),
    path("<uuid:public_id>/hand-over/", sitting.hand_over, name="desk-hand-over"),
    path("<uuid:public_id>/take-back/", sitting.take_back, name="desk-take-back"),
    path("<uuid:public_id>/ring-back/", sitting.ring_back, name="desk-ring-back"),
    path("<uuid:public_id>/ring-back-off/", sitting.ring_back_off, name="desk-ring-back-off"),
    path("<uuid:public_id>/caller/", calls.caller, name="desk-caller"),
    path("<uuid:public_id>/outage/", outages.join, name="desk-outage"),
    path("<uuid:public_id>/outage/undo/", outages.undo, name="desk-outage-undo"),
]
