"""Leaks that we make ourselves, each by one patch, to see that they are found."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

import accounts.queries
from accounts import colleagues
from accounts.models import User
from accounts.permissions import Viewer
from enquiries.actions import digests, telling
from enquiries.models import Attachment, Enquiry, Referral
from enquiries.queries import (
    access,
    api,
    attachments,
    fields,
    ledger,
    referrals,
    sensitive,
    story,
    tracking,
)
from enquiries.queries.fields import FIELDS, Purpose
from hub import errors
from metrics import choosing, exports, rolled
from metrics.models import EnquiryFact
from tests.isolation import checks
from tests.isolation.inside import INSIDE, faults
from tests.isolation.matrix import walk
from tests.isolation.stage import Scene
from tests.isolation.table import entries

Mend = pytest.MonkeyPatch


@dataclass(frozen=True)
class Plant:
    """One leak: how it is made, and where it must be found.

    `check` is one beside the table, by its name; `readers` are enough to see it.
    """

    name: str
    plant: Callable[[Mend], None]
    routes: tuple[str, ...] = ()
    check: str = ""
    readers: frozenset[str] | None = None

    def faults(self, scene: Scene) -> list[str]:
        """What is found of it; nothing in a house without leaks. That a page breaks is no find."""
        found = [
            fault
            for route in self.routes
            for fault in walk(scene, entries()[route], self.readers).faults
        ]
        if self.check:
            found += CHECKS[self.check][0](scene)
        return [fault for fault in found if "answered 5" not in fault]

    def tests(self) -> list[str]:
        """The tests that must go red, as pytest names them."""
        table = "test_each_address_is_open_to_whom_its_row_names_and_shut_to_all_others"
        found = [f"test_matrix.py::{table}[{route or '/'}]" for route in self.routes]
        return found + ([CHECKS[self.check][1]] if self.check else [])


def _everywhere(mend: Mend, was: Any, now: Any) -> None:
    """Puts one thing for another under every name by which a module of ours knows it."""
    for module in list(sys.modules.values()):
        names = vars(module) if getattr(module, "__name__", "") else {}
        for name, value in list(names.items()):
            if value is was and module.__name__.split(".")[0] != "tests":
                mend.setattr(module, name, now)


def _own_referrals_of_all(mend: Mend) -> None:
    def all_of_them(viewer: Viewer) -> Any:
        return Referral.objects.all()

    _everywhere(mend, access.own_referrals, all_of_them)


def _api_list_of_all(mend: Mend) -> None:
    mend.setattr(api, "own_referrals", lambda viewer: Referral.objects.all())


def _api_case_of_all(mend: Mend) -> None:
    mend.setattr(api, "_of", lambda viewer: Enquiry.objects.all())


def _held_by_any(mend: Mend) -> None:
    held = Referral.objects.filter
    mend.setattr(api, "held_by", lambda body: held(status__in=access.HELD))


def _person_before_accepting(mend: Mend) -> None:
    def purpose(referral: Referral) -> Purpose:
        return Purpose.ACT if referral.status == "offered" else was(referral)

    was = fields.purpose_of
    mend.setattr(fields, "purpose_of", purpose)


def _person_of_what_went_back(mend: Mend) -> None:
    whole = {reader: FIELDS[Purpose.ACT][reader] for reader in FIELDS[Purpose.ACT]}
    mend.setattr(fields, "FIELDS", {**FIELDS, Purpose.NOTHING: whole})
    mend.setattr(referrals, "held_by", lambda body: Referral.objects.filter(organisation_id=body))


def _police_read_as_councils_do(mend: Mend) -> None:
    mend.setattr(fields, "_LEAST_KINDS", frozenset())


def _homes_are_told(mend: Mend) -> None:
    mend.setattr(fields, "_without_place", lambda enquiry: None)


def _sensitive_work_is_everybodys(mend: Mend) -> None:
    mend.setattr(fields, "_in_hand", lambda viewer, referral: True)


def _private_lines(mend: Mend) -> None:
    mend.setattr(story, "_shows", lambda event, wording, viewer: True)


def _lines_of_others(mend: Mend) -> None:
    def all_lines(found: Referral, viewer: Viewer) -> Any:
        return story.lines(found.enquiry.events.order_by("sequence"), viewer), frozenset()

    mend.setattr(referrals, "_lines", all_lines)


def _forbidden_not_absent(mend: Mend) -> None:
    def refused(viewer: Viewer, public_id: Any) -> Any:
        if Referral.objects.filter(public_id=public_id).exists():
            own = access.own_referrals(viewer).filter(public_id=public_id)
            if not own.exists():
                raise PermissionDenied
        return was(viewer, public_id)

    was = referrals.referral
    mend.setattr(referrals, "referral", refused)


def _no_permission_asked(mend: Mend) -> None:
    mend.setattr(Viewer, "may", lambda self, permission: True)


def _a_header_tells(mend: Mend) -> None:
    def telling_page(request: Any, exception: Exception | None = None) -> Any:
        response = errors._page(request, 404)
        last = request.path.rstrip("/").rpartition("/")[2]
        found = Enquiry.objects.filter(referrals__public_id=last) if len(last) == 36 else None
        if found is not None and (row := found.first()) is not None:
            response["X-Case"] = row.reference
        return response

    mend.setattr("hub.urls.handler404", telling_page)


def _another_404(mend: Mend) -> None:
    def telling_page(request: Any, exception: Exception | None = None) -> Any:
        response = errors._page(request, 404)
        last = request.path.rstrip("/").rpartition("/")[2]
        if len(last) == 36 and Referral.objects.filter(public_id__iexact=last).exists():
            response.content += b"<!-- not yours -->"
        return response

    mend.setattr("hub.urls.handler404", telling_page)


def _search_finds_sensitive(mend: Mend) -> None:
    mend.setattr(sensitive, "findable", lambda viewer, rows: rows)


def _lists_tell_sensitive(mend: Mend) -> None:
    mend.setattr(sensitive, "finds", lambda viewer, enquiry: True)
    mend.setattr(sensitive, "finds_one", lambda viewer, **case: True)


def _managers_read_sensitive(mend: Mend) -> None:
    mend.setattr(sensitive, "reads", lambda viewer, enquiry: True)


def _counts_of_all(mend: Mend) -> None:
    def all_counts(viewer: Viewer) -> dict[str, int]:
        rows = Referral.objects.all()
        return {tab: rows.filter(status="offered").count() for tab in ("offered", "mine", "team")}

    mend.setattr(referrals, "counts", all_counts)


def _files_of_all(mend: Mend) -> None:
    rows = Attachment.objects.select_related("organisation", "referral")
    mend.setattr(attachments, "_seen", lambda viewer: rows.all())


def _files_for_any_citizen(mend: Mend) -> None:
    def any_file(reference: str, attachment_id: Any) -> Attachment:
        found = Attachment.objects.filter(public_id=attachment_id).first()
        if found is None:
            raise attachments.NoSuchFile("There is no such file")
        return found

    mend.setattr(attachments, "one_for_citizen", any_file)


def _any_secret_opens(mend: Mend) -> None:
    mend.setattr(tracking, "hmac", SimpleNamespace(compare_digest=lambda one, other: True))


def _mail_with_words(mend: Mend) -> None:
    def wordy(enquiry: Enquiry) -> dict[str, str]:
        return {**was(enquiry), "service": enquiry.description}

    was = telling.context_of
    _everywhere(mend, was, wordy)


def _digest_of_all(mend: Mend) -> None:
    def of_all(*args: Any, **more: Any) -> str:
        every = Referral.objects.order_by("pk").select_related("enquiry__service")
        return " ".join(referral.enquiry.reference for referral in every)

    mend.setattr(digests, "_line", of_all)


def _figures_of_all(mend: Mend) -> None:
    every = EnquiryFact.objects.all()
    mend.setattr(choosing, "seen_by", lambda viewer: every.all())
    mend.setattr(rolled, "level_of", lambda *asked: None)


def _export_with_words(mend: Mend) -> None:
    mend.setattr(ledger, "_NOT_CARRIED", frozenset())
    events = exports._OPEN["event"] | {"words", "name"}
    mend.setattr(exports, "_OPEN", {**exports._OPEN, "event": events})


def _any_scope(mend: Mend) -> None:
    from api.v1.endpoint import InScope

    mend.setattr(InScope, "has_permission", lambda self, request, view: bool(request.auth))


def _roles_never_end(mend: Mend) -> None:
    now = timezone.now
    long_ago = SimpleNamespace(localdate=lambda: date(2026, 2, 1), now=now)
    mend.setattr(accounts.queries, "timezone", long_ago)


def _anybody_is_a_colleague(mend: Mend) -> None:
    def everybody(organisation_id: int | None) -> list[colleagues.Colleague]:
        return [
            colleagues.Colleague(user.pk, str(user), frozenset()) for user in User.objects.all()
        ]

    def anybody(organisation_id: int | None, user_id: int) -> colleagues.Colleague:
        return colleagues.Colleague(user_id, "Somebody", frozenset())

    mend.setattr(colleagues, "colleagues", everybody)
    mend.setattr(colleagues, "colleague", anybody)


def _a_name_among_figures(mend: Mend) -> None:
    def names(*args: Any) -> HttpResponse:
        page = render(*args)
        newest = Enquiry.objects.order_by("-pk").values_list("reference", flat=True)[0]
        page.content += f"<!-- {newest} -->".encode()
        return page

    mend.setattr("channels.web.performance.render", names)


REFERRAL = "desk/referrals/<uuid:public_id>/"
CASE = "desk/cases/<str:reference>/"
_OFFICERS = frozenset({"officer_a", "colleague_a", "officer_police", "agent"})
_DESK = frozenset({"agent", "leader", "manager", "administrator"})


def _counted(scene: Scene) -> list[str]:
    return checks.moved_by(scene, "officer_a", checks.others_work)


def _sought(scene: Scene) -> list[str]:
    return checks.sensitive_found(scene, "agent")


_HANDED = next(one for one in INSIDE if one.name == "colleague")
_IN_BODY = "test_what_is_others_inside_a_body_is_refused_as_what_is_not_there"
# Each check beside the table, and the test that makes it.
CHECKS: dict[str, tuple[Callable[[Scene], list[str]], str]] = {
    "counts": (
        _counted,
        "test_shown.py::test_what_others_do_changes_no_page_and_no_count[officer_a-others_work]",
    ),
    "search": (_sought, "test_shown.py::test_no_word_leads_to_a_sensitive_case[agent]"),
    "messages": (
        checks.messages,
        "test_shown.py::test_no_message_holds_what_its_reader_may_not_read",
    ),
    "export": (checks.exported, "test_shown.py::test_the_exported_ledger_holds_nobody"),
    "roles": (checks.roles_out_of_time, "test_shown.py::test_nobody_has_a_role_out_of_its_time"),
    "hands": (
        lambda scene: faults(scene, _HANDED),
        f"test_bodies.py::{_IN_BODY}[{_HANDED}]",
    ),
}

PLANTS = (
    Plant("no filter by organisation", _own_referrals_of_all, (REFERRAL,), readers=_OFFICERS),
    Plant(
        "act on others' referrals", _own_referrals_of_all,
        ("api/v1/referrals/<uuid:referral_id>/accept/",), readers=frozenset({"token_a_referrals"}),
    ),
    Plant("the API lists all referrals", _api_list_of_all, ("api/v1/referrals/",)),
    Plant("the API reads any case", _api_case_of_all, ("api/v1/enquiries/<str:reference>/",)),
    Plant("held by any body is held", _held_by_any, ("api/v1/enquiries/<str:reference>/",)),
    Plant("names before accepting", _person_before_accepting, (REFERRAL,), readers=_OFFICERS),
    Plant("names of what went back", _person_of_what_went_back, (REFERRAL,), readers=_OFFICERS),
    Plant("police read all", _police_read_as_councils_do, (REFERRAL,), readers=_OFFICERS),
    Plant("police read homes", _homes_are_told, (REFERRAL,), readers=_OFFICERS),
    Plant(
        "colleagues read sensitive work", _sensitive_work_is_everybodys, (REFERRAL,),
        readers=_OFFICERS,
    ),
    Plant("the hub reads private lines", _private_lines, (CASE,), readers=_DESK),
    Plant("partners read each other's lines", _lines_of_others, (REFERRAL,), readers=_OFFICERS),
    Plant("403 instead of 404", _forbidden_not_absent, (REFERRAL,), readers=_OFFICERS),
    Plant("no permission is asked", _no_permission_asked, ("desk/people/", "desk/settings/")),
    Plant("a header tells", _a_header_tells, (REFERRAL,), readers=_OFFICERS),
    Plant("another 404 for what is there", _another_404, (REFERRAL,), readers=_OFFICERS),
    Plant("search finds sensitive cases", _search_finds_sensitive, check="search"),
    Plant("lists tell sensitive cases", _lists_tell_sensitive, ("desk/",), readers=_DESK),
    Plant("managers read sensitive cases", _managers_read_sensitive, (CASE,), readers=_DESK),
    Plant("counts of all", _counts_of_all, check="counts"),
    Plant("a name among the public figures", _a_name_among_figures, check="counts"),
    Plant("files of all", _files_of_all, ("desk/files/<uuid:public_id>/",), readers=_OFFICERS),
    Plant(
        "any file for a citizen", _files_for_any_citizen,
        ("track/<str:reference>/<str:secret>/files/<uuid:file_id>/",),
        readers=frozenset({"citizen"}),
    ),
    Plant(
        "any secret opens", _any_secret_opens, ("track/<str:reference>/<str:secret>/",),
        readers=frozenset({"citizen", "anonymous"}),
    ),
    Plant("mails with what was said", _mail_with_words, check="messages"),
    Plant("a digest of all", _digest_of_all, check="messages"),
    Plant(
        "figures of all", _figures_of_all, ("desk/performance/enquiries/",),
        readers=frozenset({"manager_a"}),
    ),
    Plant("words in the exported ledger", _export_with_words, check="export"),
    Plant("any key does anything", _any_scope, ("api/v1/referrals/", "api/v1/enquiries/")),
    Plant("roles never end", _roles_never_end, check="roles"),
    Plant("anybody is a colleague", _anybody_is_a_colleague, check="hands"),
)  # fmt: skip
