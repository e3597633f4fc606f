"""Addresses of the desk: references and UUIDs only, never a number of a row."""

from django.urls import include, path

from desk.views import cases, contacts, files, people, queue, referrals, settings, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("desk/", queue.queue, name="desk-queue"),
    path("desk/contact/", contacts.start, name="desk-contacts"),
    path("desk/contact/<uuid:public_id>/", contacts.contact, name="desk-contact"),
    path("desk/contact/<uuid:public_id>/person/", contacts.choose_person, name="desk-choose"),
    path("desk/contact/<uuid:public_id>/add-person/", contacts.add_person, name="desk-add-person"),
    path("desk/contact/<uuid:public_id>/raise/", contacts.raise_enquiry, name="desk-raise"),
    path("desk/contact/<uuid:public_id>/about/", contacts.about_earlier, name="desk-about"),
    path("desk/contact/<uuid:public_id>/wrap-up/", contacts.wrap_up, name="desk-wrap-up"),
    path("desk/cases/<str:reference>/", cases.case, name="desk-case"),
    path("desk/cases/<str:reference>/take/", cases.take, name="desk-take"),
    path("desk/cases/<str:reference>/put-back/", cases.put_back, name="desk-put-back"),
    path("desk/cases/<str:reference>/<slug:act>/", cases.act, name="desk-case-act"),
    path("desk/people/", people.people, name="desk-people"),
    path("desk/people/<uuid:public_id>/", people.person, name="desk-person"),
    path("desk/referrals/", include("desk.urls_referrals")),
    path("desk/files/<uuid:public_id>/", files.file, name="desk-file"),
    path("desk/keyboard/", referrals.keyboard, name="desk-keyboard"),
    path("desk/performance/", include("desk.urls_performance")),
    path("desk/settings/", settings.overview, name="desk-settings"),
    path("desk/settings/keys/", settings.tokens, name="desk-tokens"),
    path("desk/settings/keys/<str:prefix>/end/", settings.end_token, name="desk-end-token"),
    path("desk/settings/kiosks/", settings.kiosks, name="desk-kiosks"),
    path("desk/settings/kiosks/<uuid:public_id>/end/", settings.end_kiosk, name="desk-end-kiosk"),
]
