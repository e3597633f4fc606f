"""Addresses of tasks and of the lists of services."""

from django.urls import path

from desk.views import cases, tasks

urlpatterns = [
    path("cases/<str:reference>/tasks/", tasks.of_case, name="desk-case-tasks"),
    path("cases/<str:reference>/print/", cases.on_paper, name="desk-case-print"),
    path("tasks/", tasks.mine, name="desk-tasks"),
    path("settings/checklists/", tasks.lists, name="desk-checklists"),
    path("settings/checklists/<slug:slug>/", tasks.one_list, name="desk-checklist"),
]
