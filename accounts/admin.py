"""Reference data that change rarely are edited in Django's own admin."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import Area, Membership, Organisation, Site, Team, User

for model in (Area, Membership, Organisation, Site, Team, User):
    admin.site.register(model)

admin.site.site_header = admin.site.site_title = "Reference data"
admin.site.index_title = "What changes rarely"
admin.site.site_url = "/desk/settings/"
