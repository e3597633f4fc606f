"""Addresses of a partner's desk."""

from django.urls import path

from desk.views import referrals, referrals_one, referrals_together

urlpatterns = [
    path("", referrals.inbox, name="desk-referrals"),
    path("together/", referrals_together.together, name="desk-referrals-together"),
    path("together/done/<uuid:key>/", referrals_together.came_of, name="desk-referrals-came-of"),
    path("together/<slug:act>/", referrals_together.act, name="desk-referrals-together-act"),
    path("<uuid:public_id>/", referrals_one.referral, name="desk-referral"),
    path("<uuid:public_id>/<slug:act>/", referrals_one.act, name="desk-referral-act"),
]
