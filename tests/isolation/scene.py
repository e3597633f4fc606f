"""One partnership in which everybody has something to hide: each field of each thing is a canary.

A case is named by whose it is and how far: `a.accepted`. Its secrets are `a.accepted.phone` and
so on (`canaries.py`). `a` is Wychavon, `b` Worcester City.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client

import accounts.actions
import kb.actions
from accounts.models import (
    ApiToken,
    Membership,
    Organisation,
    OutsideBody,
    Postcode,
    Team,
    User,
)
from accounts.permissions import Role, Scope
from core.audit import SYSTEM
from customers.models import Person
from enquiries.actions import (
    contacts,
    drafts,
    offers,
    referral_notes,
    referrals,
    replies,
    resolutions,
    versions,
)
from enquiries.channels import Channel
from enquiries.inbound import Sender
from enquiries.lifecycle import Outcome, RejectReason
from enquiries.models import ClockRule, Enquiry, Referral, RoutingRule, RuleSet
from enquiries.queries import ledger
from kb.models import Service
from kiosks.models import Kiosk
from metrics import projection, reading
from tests import world as small
from tests.isolation import scene_files
from tests.isolation.canaries import Canaries, mark
from tests.isolation.forms import answers_of_bodies, drafts_of_areas, form_and_draft
from tests.isolation.notices import drafts as notices
from tests.isolation.scene_calls import calls
from tests.isolation.scene_desk import own_things
from tests.isolation.scene_kiosk import device
from tests.isolation.scene_mail import mails
from tests.isolation.scene_rules import macros, rules
from tests.isolation.scene_scripts import scripts
from tests.isolation.stage import BODIES, MORE_SERVICES, Scene, Thing, later
from tests.world import NOW


def build() -> Scene:
    """Writes it all into the test's database."""
    scene = Scene(small.build())
    _more_bodies(scene)
    _people(scene)
    for make in _CASES:
        make(scene)
    _contacts(scene)
    _doors(scene)
    scene.notices = notices(scene)
    scene.macros, scene.rules = macros(scene), rules(scene)
    own_things(scene)
    form_and_draft()
    drafts_of_areas(scene)
    answers_of_bodies(scene)
    _gone(scene)
    fold()
    ApiToken.objects.update(last_used_at=NOW)
    Kiosk.objects.update(last_seen_at=NOW)
    return scene


def _more_bodies(scene: Scene) -> None:
    for slug, name, kind in [
        (BODIES["police"], "West Mercia Constabulary", "police"),
        (BODIES["health"], "Worcestershire Health Authority", "health"),
    ]:
        scene.world.organisations[slug] = Organisation.objects.create(
            slug=slug, name=name, short_name=name, kind=kind, email=f"team@{slug}.demo"
        )
    for slug, lgsl, name, tier, where, subject, is_sensitive in MORE_SERVICES:
        Service.objects.create(
            slug=slug, lgsl=lgsl, lgil=[17], label=name, name=name, group="Other",
            summary=f"About: {name.lower()}.", owner_tier=tier, resolution_class="REQUEST",
            promise_wd=5, location=where, subject=subject, family=slug, sensitive=is_sensitive,
        )  # fmt: skip
    kb.actions.index()
    for owner in BODIES:
        body = scene.body(owner)
        for slug in ("front", "second"):
            team, _ = Team.objects.get_or_create(
                organisation=body, slug=slug, defaults={"name": slug, "email": body.email}
            )
            team.name = scene.canaries.add(f"{owner}.team.{slug}", mark(owner, f"team{slug}"))
            team.is_default = slug == "front"
            team.save()


def _user(scene: Scene, name: str, owner: str, *roles: Role, team: str = "front") -> User:
    full = scene.canaries.add(f"{owner}.staff.{name}", mark(owner, f"staff{name}"))
    user = accounts.actions.create_user(
        email=f"{name.replace('_', '-')}@iso.demo", password=small.PASSWORD, full_name=full,
        actor=SYSTEM, now=NOW, demo=True,
    )  # fmt: skip
    for role in roles:
        accounts.actions.grant(
            user=user, organisation=scene.body(owner), role=role, from_on=date(2026, 1, 1),
            team=Team.objects.get(organisation=scene.body(owner), slug=team),
            actor=SYSTEM, now=NOW,
        )  # fmt: skip
    scene.users[name] = user
    return user


def _people(scene: Scene) -> None:
    _user(scene, "agent", "hub", Role.AGENT)
    _user(scene, "lead", "hub", Role.AGENT, Role.SAFEGUARDING)
    _user(scene, "leader", "hub", Role.LEADER)
    _user(scene, "manager", "hub", Role.MANAGER)
    _user(scene, "administrator", "hub", Role.ADMINISTRATOR)
    _user(scene, "editor", "hub", Role.EDITOR)
    _user(scene, "editor_a", "a", Role.EDITOR)
    for owner in ("a", "b", "county", "police", "health"):
        _user(scene, f"officer_{owner}", owner, Role.OFFICER)
    _user(scene, "colleague_a", "a", Role.OFFICER, team="second")
    _user(scene, "manager_a", "a", Role.MANAGER)
    _user(scene, "deactivated", "hub", Role.AGENT, Role.ADMINISTRATOR)
    former = _user(scene, "former", "hub", Role.AGENT)
    future = _user(scene, "future", "a", Role.OFFICER)
    rows = Membership.objects
    rows.filter(user=former).update(until_on=NOW.date() - timedelta(days=1))
    rows.filter(user=future).update(from_on=NOW.date() + timedelta(days=1))
    for owner in ("a", "b", "police", "hub"):
        for scope in Scope:
            token = scene.world.token(BODIES[owner], scope)
            scene.tokens[f"{owner}:{scope.name.lower()}"] = token
            scene.canaries.add(f"{owner}.token.{scope.name.lower()}", token.partition(".")[2])
    revoked = scene.world.token(BODIES["a"], *Scope)
    prefix = revoked.partition(".")[0]
    accounts.actions.revoke_token(prefix=prefix, actor=SYSTEM, now=NOW)
    scene.tokens["revoked"] = revoked


def _asked(
    scene: Scene, key: str, service: str, *, outward: str = "WR11", triaged: bool = True
) -> Enquiry:
    """Somebody asks: each word of it is a canary."""
    number, canaries = next(scene.numbers), scene.canaries
    postcode = f"{outward} {number % 10}{'ABDEFGHJLN'[number // 10 % 10]}{'ABDEFG'[number % 6]}"
    district = "E07000237" if outward == "WR1" else "E07000238"
    ward = "E05007900" if outward == "WR1" else "E05007940"
    Postcode.objects.create(
        postcode=postcode.replace(" ", ""), district_code=district, ward_code=ward,
        easting=403500, northing=243900, latitude=52.09, longitude=-1.95,
    )  # fmt: skip
    received = small.ask(
        words=canaries.add(f"{key}.words", mark(key, "words")),
        service=service,
        postcode=canaries.add(f"{key}.postcode", postcode),
        sender=Sender(
            name=canaries.add(f"{key}.name", mark(key, "name")),
            email=f"{canaries.add(f'{key}.email', mark(key, 'email'))}@example.com",
            phone=canaries.add(f"{key}.phone", f"07700 {number}"),
        ),
        triaged=triaged,
    )
    enquiry = small.enquiry_of(received)
    enquiry.address = canaries.add(f"{key}.place", mark(key, "place"))
    enquiry.save(update_fields=["address"])
    Person.objects.filter(pk=enquiry.person_id or 0).update(
        address=canaries.add(f"{key}.home", mark(key, "home"))
    )
    canaries.add(f"{key}.reference", enquiry.reference)
    canaries.add(f"{key}.secret", enquiry.secret)
    person = Person.objects.get(pk=enquiry.person_id or 0).public_id
    canaries.add(f"{key}.person", str(person))
    scene.things[key] = Thing(key, enquiry.reference, enquiry.secret, person, {})
    return enquiry


def _went_to(scene: Scene, key: str) -> dict[str, UUID]:
    """The referrals of a case by owner; each id is a canary."""
    thing, owners = scene.things[key], {slug: owner for owner, slug in BODIES.items()}
    rows = Referral.objects.filter(enquiry__reference=thing.reference).order_by("pk")
    for row in rows.select_related("organisation"):
        owner = owners[row.organisation.slug]
        thing.referrals[owner] = row.public_id
        scene.canaries.add(f"{key}.referral_{owner}", str(row.public_id))
    return thing.referrals


def _sent(scene: Scene, key: str, *owners: str, team: str = "front") -> dict[str, UUID]:
    """An agent sends a case on by hand, to several at once if several are named."""
    for place, owner in enumerate(owners):
        offers.offer(
            reference=scene.things[key].reference,
            viewer=scene.viewer("agent"),
            organisation=BODIES[owner],
            reason=scene.canaries.add(f"{key}.why_{owner}", mark(key, f"why{owner}")),
            team_id=Team.objects.get(organisation=scene.body(owner), slug=team).pk,
            alongside=place > 0,
            now=NOW,
        )
    return _went_to(scene, key)


def _worked_on(scene: Scene, key: str, owner: str, officer: str) -> None:
    """Accepted, with notes and files for each kind of reader, and a question."""
    public_id, who = scene.things[key].referrals[owner], scene.viewer(officer)
    referrals.accept(public_id=public_id, viewer=who, now=NOW)
    for reader in ("us", "hub", "public"):
        name = f"{key}.note_{reader}_{owner}"
        referral_notes.note(
            public_id=public_id, viewer=who, seen_by=reader, now=NOW,
            words=scene.canaries.add(name, mark(key, f"note{reader}{owner}")),
        )  # fmt: skip
        if key in scene_files.WITH_FILES:
            scene_files.of_partner(scene, key, owner, officer, reader)
    if key in scene_files.WITH_OWN_FILES:
        scene_files.of_citizen(scene, key, owner)
    replies.note(
        reference=scene.things[key].reference, viewer=scene.viewer("agent"), now=NOW,
        words=scene.canaries.add(f"{key}.hubnote_{owner}", mark(key, f"hubnote{owner}")),
    )  # fmt: skip


def _done(scene: Scene, key: str, owner: str, officer: str) -> None:
    referrals.complete(
        public_id=scene.things[key].referrals[owner], viewer=scene.viewer(officer), now=NOW,
        outcome=Outcome.COMPLETED,
        words=scene.canaries.add(f"{key}.end_{owner}", mark(key, f"end{owner}")),
    )  # fmt: skip


def _rejected(scene: Scene, key: str, owner: str, officer: str) -> None:
    referrals.reject(
        public_id=scene.things[key].referrals[owner], viewer=scene.viewer(officer), now=NOW,
        reason=RejectReason.OTHER_BODY,
        words=scene.canaries.add(f"{key}.no_{owner}", mark(key, f"no{owner}")),
    )  # fmt: skip


def _of_districts(scene: Scene) -> None:
    for owner, outward in (("a", "WR11"), ("b", "WR1")):
        for state in ("offered", "accepted", "done", "back"):
            _asked(scene, f"{owner}.{state}", "missed-bin", outward=outward)
            _went_to(scene, f"{owner}.{state}")
        _worked_on(scene, f"{owner}.accepted", owner, f"officer_{owner}")
        _worked_on(scene, f"{owner}.done", owner, f"officer_{owner}")
        _done(scene, f"{owner}.done", owner, f"officer_{owner}")
        _rejected(scene, f"{owner}.back", owner, f"officer_{owner}")


def _that_moved_on(scene: Scene) -> None:
    """Wychavon had it; Worcester City has it now, and the citizen has said more since."""
    _asked(scene, "moved", "missed-bin")
    _went_to(scene, "moved")
    _rejected(scene, "moved", "a", "officer_a")
    _sent(scene, "moved", "b")
    _worked_on(scene, "moved", "b", "officer_b")
    _asked(scene, "reopened", "missed-bin")
    _went_to(scene, "reopened")
    _worked_on(scene, "reopened", "a", "officer_a")
    _done(scene, "reopened", "a", "officer_a")
    referrals_again(scene, "reopened", "b", "officer_b")


def referrals_again(scene: Scene, key: str, owner: str, officer: str) -> None:
    """Opened again, and sent to somebody else this time."""
    resolutions.reopen(
        reference=scene.things[key].reference, viewer=scene.viewer("agent"), now=NOW,
        words=scene.canaries.add(f"{key}.again", mark(key, "again")),
    )  # fmt: skip
    _sent(scene, key, owner)
    _worked_on(scene, key, owner, officer)


def _of_several(scene: Scene) -> None:
    """The police and Wychavon at once: neither learns of the other."""
    _asked(scene, "both", "anti-social-behaviour")
    _sent(scene, "both", "police", "a")
    _worked_on(scene, "both", "police", "officer_police")
    _worked_on(scene, "both", "a", "officer_a")


def _sensitive(scene: Scene) -> None:
    _asked(scene, "a.private", "assisted-bin")
    _sent(scene, "a.private", "a", team="second")
    _worked_on(scene, "a.private", "a", "colleague_a")
    for owner, state, service in [
        ("police", "offered", "report-crime"),
        ("police", "accepted", "report-crime"),
        ("health", "accepted", "stop-smoking"),
    ]:
        _asked(scene, f"{owner}.{state}", service)
        _sent(scene, f"{owner}.{state}", owner)
    _worked_on(scene, "police.accepted", "police", "officer_police")
    _worked_on(scene, "health.accepted", "health", "officer_health")


def _of_the_hub(scene: Scene) -> None:
    _asked(scene, "hub.open", "allotments")
    _asked(scene, "hub.sensitive", "stop-smoking")
    _asked(scene, "county.offered", "pothole")
    _went_to(scene, "county.offered")


_CASES: tuple[Callable[[Scene], None], ...] = (
    _of_districts,
    _that_moved_on,
    _of_several,
    _sensitive,
    _of_the_hub,
)


def _contacts(scene: Scene) -> None:
    agent = scene.viewer("agent")
    public_id = contacts.open_contact(
        channel=Channel.PHONE, key="iso", viewer=agent, site=None, now=NOW
    )
    contacts.set_person(
        public_id=public_id, viewer=agent, person=scene.things["a.accepted"].person, now=NOW
    )
    scene.contacts["open"] = public_id
    scene.canaries.add("hub.contact", str(public_id))
    calls(scene)
    mails(scene)
    scripts(scene, agent)


def _doors(scene: Scene) -> None:
    device(scene)
    first = RuleSet.objects.get()
    copies = [
        RoutingRule(position=row.position, owner_tier=row.owner_tier, area_code=row.area_code,
                    organisation=row.organisation)
        for row in first.rules.all()
    ]  # fmt: skip
    versions.publish_rows(copies, name="Again", actor=SYSTEM, now=NOW)
    scene.draft = drafts.make(first.number, name="A draft", actor=SYSTEM, now=NOW)
    ClockRule.objects.create(priority="urgent", percent=50)
    OutsideBody.objects.create(
        slug="a-canal", name="A canal", kind="water", phone="01632 960999", hand_off="Ring them"
    )
    visitor = Client()
    begun = visitor.post("/ask/", {"service": "missed-bin"})
    scene.journey = begun["Location"].split("/")[2]
    for name, user in scene.users.items():
        browser = Client()
        browser.force_login(user)
        scene.sessions[name] = browser.cookies[settings.SESSION_COOKIE_NAME].value
    # Only now: a session of before must not outlive it.
    User.objects.filter(pk=scene.users["deactivated"].pk).update(is_active=False)


def _gone(scene: Scene) -> None:
    """Ids that were somebody's, and are nobody's any more."""
    enquiry = _asked(scene, "a.deleted", "missed-bin")
    referral = Referral.objects.get(enquiry=enquiry)
    scene.deleted = {"reference": enquiry.reference, "referral": str(referral.public_id)}
    with connection.cursor() as sql:
        # The ledger refuses to be deleted from; here somebody's erasure is played.
        sql.execute("SET LOCAL session_replication_role = replica")
        for table in ("clock", "contactitem", "enquiryevent", "referral"):
            sql.execute(f"DELETE FROM enquiries_{table} WHERE enquiry_id = %s", [enquiry.pk])
        sql.execute("DELETE FROM enquiries_enquiry WHERE id = %s", [enquiry.pk])
        sql.execute("SET LOCAL session_replication_role = origin")
    del scene.things["a.deleted"]


def fold() -> None:
    """The figures of all that was done; the ledger's readers would wait for our own transaction."""
    frame = reading.read([*ledger.organisations(), *ledger.services()])
    projection.fold(ledger.all_ids(), frame, later(1))


def newcomer(
    scene: Scene, key: str, service: str, outward: str, secrets: Canaries | None = None
) -> None:
    """One case more, of which the scene remembers at most the secrets."""
    canaries = secrets if secrets is not None else Canaries()
    _asked(replace(scene, canaries=canaries, things={}), key, service, outward=outward)
