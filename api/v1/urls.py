"""Addresses of version 1. None of them ever changes what it means."""

from django.urls import path

from api.v1 import docs, enquiries, reference, referrals, schema

app_name = "v1"
_ONE = "referrals/<uuid:referral_id>/"

urlpatterns = [
    path("enquiries/", enquiries.Enquiries.as_view(), name="enquiries"),
    path("enquiries/<str:reference>/", enquiries.OneEnquiry.as_view(), name="enquiry"),
    path("referrals/", referrals.Referrals.as_view(), name="referrals"),
    path(_ONE, referrals.OneReferral.as_view(), name="referral"),
    path(f"{_ONE}accept/", referrals.Accept.as_view(), name="accept"),
    path(f"{_ONE}ask/", referrals.Ask.as_view(), name="ask"),
    path(f"{_ONE}reject/", referrals.Reject.as_view(), name="reject"),
    path(f"{_ONE}return/", referrals.GiveBack.as_view(), name="return"),
    path(f"{_ONE}note/", referrals.Note.as_view(), name="note"),
    path(f"{_ONE}complete/", referrals.Complete.as_view(), name="complete"),
    path("services/", reference.Services.as_view(), name="services"),
    path("organisations/", reference.Organisations.as_view(), name="organisations"),
    path("schema.json", schema.serve, name="schema"),
    path("docs/", docs.page, name="docs"),
]
