"""What fills an address for a role: its own ids, others', and such as nobody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from django.apps import apps

from accounts.models import OutsideBody, Site
from core import references
from enquiries.models import RuleSet
from tests.isolation import ids_desk
from tests.isolation.stage import Scene, Thing
from tests.isolation.table import Entry, Reader, parts

Values = dict[str, str]


@dataclass
class Ids:
    """Own and foreign values of an address. `about` names the case of each own one."""

    own: list[tuple[str, Values]] = field(default_factory=list)
    foreign: list[tuple[str, Values]] = field(default_factory=list)


# Enough of the hub's cases to stand for all; every one of the partners'.
_AT_THE_DESK = ("a.accepted", "hub.open", "hub.sensitive", "police.accepted", "both", "moved")


def ids(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    """What fills the address of a row for a role."""
    if entry.id in ("none", "nothing"):
        return Ids(own=[("", dict(entry.values))] if entry.id == "none" else [])
    if entry.id in ids_desk.MAKERS:
        return Ids(*ids_desk.MAKERS[entry.id](scene, reader))
    if entry.id == "case_macro":
        return Ids(*ids_desk.case_macro(scene, reader, _case(scene, entry, reader).own))
    return _MAKERS[entry.id](scene, entry, reader)


def _case(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    found = Ids()
    for key in _AT_THE_DESK:
        values = {"reference": scene.things[key].reference}
        (found.own if reader.owner == "hub" else found.foreign).append((key, values))
    return found


def _fact(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    """Enquiries as figures count them: the hub all, a partner's managers its own."""
    found = Ids()
    for key in ("a.accepted", "moved", "hub.open", "police.accepted"):
        values = {"reference": scene.things[key].reference}
        is_own = reader.owner == "hub" or (reader.owner == "a" and key in ("a.accepted", "moved"))
        (found.own if is_own else found.foreign).append((key, values))
    return found


def _case_referral(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    found = Ids()
    for key, owner in (("a.accepted", "a"), ("both", "police"), ("moved", "b")):
        thing = scene.things[key]
        values = {"reference": thing.reference, "public_id": str(thing.referrals[owner])}
        (found.own if reader.owner == "hub" else found.foreign).append((key, values))
    # One that is there, on a case that is there, but not of it.
    mixed = scene.things["a.accepted"].reference, str(scene.things["moved"].referrals["b"])
    found.foreign.append(("", dict(zip(("reference", "public_id"), mixed, strict=True))))
    return found


def _referral(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    found, name = Ids(), parts(entry.route)[0]
    for key, thing in scene.things.items():
        for owner, public_id in thing.referrals.items():
            side = found.own if owner == reader.owner else found.foreign
            side.append((key, {name: str(public_id)}))
    # A page of its own for each; to act on, one of each standing is enough.
    if "act" in parts(entry.route) or "POST" in entry.methods:
        wanted = {"a.accepted", "b.accepted", "both"}
        found.foreign = [one for one in found.foreign if one[0] in wanted]
    return found


def _api_case(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    own = {"a.offered", "a.accepted", "a.done", "a.private", "both"}
    found = Ids()
    for key, thing in scene.things.items():
        is_own = reader.owner == "hub" or (reader.owner == "a" and key in own)
        (found.own if is_own else found.foreign).append((key, {"reference": thing.reference}))
    return found


def _person(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    keys = ("a.accepted", "hub.sensitive", "police.accepted")
    rows = [(key, {"public_id": str(scene.things[key].person)}) for key in keys]
    return Ids(own=rows) if reader.owner == "hub" else Ids(foreign=rows)


def _pair(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    two = [str(scene.things[key].person) for key in ("a.accepted", "hub.open")]
    rows = [("a.accepted", dict(zip(("public_id", "other"), two, strict=True)))]
    return Ids(own=rows) if reader.owner == "hub" else Ids(foreign=rows)


def _contact(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    rows = [("", {"public_id": str(one)}) for one in scene.contacts.values()]
    return Ids(own=rows) if reader.owner == "hub" else Ids(foreign=rows)


def _mail(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    rows = [("", {"public_id": str(public_id)}) for public_id in scene.mails.values()]
    return Ids(own=rows) if reader.owner == "hub" else Ids(foreign=rows)


def _call(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    row = ("", {"public_id": str(scene.calls[entry.values["call"]])})
    return Ids(own=[row]) if reader.owner == "hub" else Ids(foreign=[row])


def _ring(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    row = ("", {"public_id": str(scene.calls["ring"])})
    return Ids(own=[row]) if reader.name == "agent" else Ids(foreign=[row])


def _call_due(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    due = str(scene.calls["due"])
    own = "a.accepted", {"reference": scene.things["a.accepted"].reference, "public_id": due}
    # One that is there, on a case that is there, but not of it.
    mixed = "", {"reference": scene.things["moved"].reference, "public_id": due}
    return Ids([own], [mixed]) if reader.owner == "hub" else Ids(foreign=[own, mixed])


def _file(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    found = Ids()
    hidden = {f"a.private.{seen_by}.a" for seen_by in ("us", "hub", "public", "all")}
    for name, public_id in scene.files.items():
        key, seen_by, owner = name.rsplit(".", 2)
        values = {"public_id": str(public_id)}
        sensitive = key in {"both", "a.private", "police.accepted", "health.accepted"}
        if reader.owner == "hub":
            reads = reader.name in ("agent", "lead", "leader") or not sensitive
            is_own = seen_by != "us" and reads
        else:
            is_own = owner == reader.owner
            if reader.name == "officer_a" and name in hidden:
                is_own = False
            if reader.name == "colleague_a" and key == "both":
                is_own = False
        (found.own if is_own else found.foreign).append((key, values))
    return found


def _track(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    own, other = scene.things["a.accepted"], scene.things["b.accepted"]
    found = Ids(foreign=[("", _link(own, other)), ("", _link(other, own))])
    # Others have no link: to them any is a guess.
    guess = {"reference": own.reference, "secret": "x" * 22}
    if reader.name == "citizen":
        found.own = [("a.accepted", _link(own, own))]
    else:
        found.foreign = [("", guess)]
    if "file_id" in parts(entry.route):
        files = {name: str(scene.files[f"a.accepted.{name}.a"]) for name in ("us", "hub", "public")}
        found.own = [(key, {**one, "file_id": files["public"]}) for key, one in found.own]
        found.foreign = [(key, {**one, "file_id": files["public"]}) for key, one in found.foreign]
        if reader.name == "citizen":
            theirs = str(scene.files["b.accepted.public.b"])
            # Their own came from them: no link opens it again.
            sent = str(scene.files["a.accepted.all.a"])
            for hidden in (files["us"], files["hub"], sent, theirs):
                found.foreign.append(("", {**_link(own, own), "file_id": hidden}))
    return found


def _track_other(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    """Somebody who is kept told of another enquiry: no link of one's own takes them out."""
    found = _track(scene, entry, reader)
    rows = [*found.own, *found.foreign]
    return Ids(foreign=[("", {**one, "public_id": str(uuid4())}) for _, one in rows])


def _guess(**values: str) -> Callable[[Scene, Entry, Reader], Ids]:
    """What only a message of ours opens: to everybody here any is a guess."""
    return lambda scene, entry, reader: Ids(foreign=[("", values)])


def _link(one: Thing, other: Thing) -> Values:
    return {"reference": one.reference, "secret": other.secret}


def _journey(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    return Ids(foreign=[("", {"journey_id": scene.journey, **entry.values})])


def _fixed(*rows: Values) -> Callable[[Scene, Entry, Reader], Ids]:
    return lambda scene, entry, reader: Ids(own=[("", row) for row in rows])


def _rules(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    number = str(RuleSet.objects.order_by("number").values_list("number", flat=True)[0])
    edits = "new" in entry.route or "position" in entry.route or "upload" in entry.route
    if edits or "discard" in entry.route or "publish" in entry.route:
        number = str(scene.draft)
    return Ids(own=[("", {"number": number, "position": "10"})])


def _kiosk(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    assert scene.kiosk is not None
    return Ids(own=[("", {**entry.values, "public_id": str(scene.kiosk.public_id)})])


def _key(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    return Ids(own=[("", {"prefix": scene.tokens["b:read"].partition(".")[0]})])


def _outside(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    return Ids(own=[("", {"slug": OutsideBody.objects.values_list("slug", flat=True)[0]})])


def _notice(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    found = Ids()
    for owner, public_id in scene.notices.items():
        is_own = reader.owner in ("hub", owner)
        (found.own if is_own else found.foreign).append(("", {"public_id": str(public_id)}))
    return found


def _edited(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    """Answers as their editors have them: an administrator of the hub all, others their own."""
    ours, found = {"slug": "when-is-my-bin-emptied"}, Ids()
    theirs = {owner: {"slug": f"what-{owner}-says"} for owner in ("a", "b")}
    for owner, values in (("hub", ours), *theirs.items()):
        is_own = owner == reader.owner or reader.name == "administrator"
        (found.own if is_own else found.foreign).append(("", values))
    return found


def _area_form(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    """Forms of services that a district answers for; a county's, and elsewhere, are not its own."""
    own = {"slug": "assisted-bin", "key": "who", "code": "E07000238"}
    found = Ids(foreign=[("", {**own, "slug": "pothole"}), ("", {**own, "slug": "report-crime"})])
    if "code" in parts(entry.route):
        found.foreign.append(("", {**own, "code": "E07000237"}))
    side = found.own if reader.owner == "a" else found.foreign
    side.append(("", own))
    return found


def _centre(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    return Ids(own=[("", {"slug": Site.objects.filter(kind="service_centre")[0].slug})])


def _row(scene: Scene, entry: Entry, reader: Reader) -> Ids:
    app, model = entry.route.removeprefix("desk/settings/reference/").split("/")[:2]
    first = apps.get_model(app, model)._default_manager.order_by("pk").first()
    return Ids(own=[("", {"object_id": str(first.pk), "id": str(first.pk)})] if first else [])


_MAKERS: dict[str, Callable[[Scene, Entry, Reader], Ids]] = {
    "case": _case,
    "fact": _fact,
    "case_referral": _case_referral,
    "referral": _referral,
    "api_case": _api_case,
    "pair": _pair,
    "person": _person,
    "contact": _contact,
    "call": _call,
    "ring": _ring,
    "mail": _mail,
    "call_due": _call_due,
    "file": _file,
    "track": _track,
    "track_file": _track,
    "track_other": _track_other,
    "kept_told": _guess(secret="x" * 22),
    "said": _guess(token="WyJkb25lIl0:1xxxxx:guess"),
    "journey": _journey,
    "centre": _centre,
    "service": _fixed({"slug": "missed-bin"}),
    "article": _fixed({"slug": "when-is-my-bin-emptied"}),
    "edited": _edited,
    "area_form": _area_form,
    "subject": _fixed({"slug": "waste", "name": "waste"}),
    "rules": _rules,
    "kiosk": _kiosk,
    "key": _key,
    "outside": _outside,
    "notice": _notice,
    "row": _row,
}


def unlike(scene: Scene, entry: Entry, values: Values) -> list[tuple[str, Values]]:
    """The same address with ids that are nobody's, each named: the last id is turned."""
    named = [name for name in parts(entry.route) if name not in ("act", "way")]
    if not named or entry.id in ("none", "journey", "subject"):
        return []
    last = named[-1] if entry.id not in ("track", "rules") else named[0]
    kind = "uuid" if f"<uuid:{last}>" in entry.route else "text"
    found = [("unknown", _unknown(kind, last))]
    if kind == "uuid":
        found += [
            ("deleted", str(scene.deleted["referral"])),
            ("another model's", _of_another_model(scene, entry)),
            ("malformed", f"{values[last]}%0a"),
            ("malformed", "not-a-uuid"),
        ]
    elif last == "reference":
        found += [
            ("deleted", str(scene.deleted["reference"])),
            ("another model's", str(scene.things["a.accepted"].person)),
            ("malformed", "WH7-K3MP-4X%0a%0d"),
            ("malformed", "%00"),
            ("malformed", "x" * 300),
        ]
    return [(name, {**values, last: text}) for name, text in found]


def _of_another_model(scene: Scene, entry: Entry) -> str:
    if entry.id in ("person", "pair"):
        return str(scene.things["b.accepted"].referrals["b"])
    return str(scene.things["b.accepted"].person)


def _unknown(kind: str, name: str) -> str:
    if kind == "uuid":
        return str(uuid4())
    return references.new() if name == "reference" else "99999999"
