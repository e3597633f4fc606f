"""Every address. Each app keeps its own list; this file says where they hang."""

from django.contrib import admin
from django.urls import include, path

from channels.sms.pages import page as sms_page
from channels.webhooks import receipt as messages_receipt
from desk.views.account import reference_password
from desk.views.sign_in import reference_door
from hub import errors, health, languages

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("language/<str:code>/", languages.choose, name="language"),
    path("components/", include("hub.gallery")),
    path("demo/post-box/", include("hub.postbox")),
    path("desk/settings/reference/login/", reference_door),
    path("desk/settings/reference/password_change/", reference_password),
    path("desk/settings/reference/", admin.site.urls),
    path("api/", include("api.urls")),
    path("channels/sms/", include("channels.sms.urls")),
    path("channels/notify/", include("channels.sms.urls_notify")),
    path("channels/messages/receipt", messages_receipt, name="messages-receipt"),
    path("channels/voice/", include("channels.voice.urls")),
    path("w/<str:token>/", sms_page, name="sms-page"),
    path("channels/email/", include("channels.email.urls")),
    path("kiosk/", include("channels.kiosk.urls")),
    path("", include("desk.urls")),
    path("", include("channels.web.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
