"""What each of the desk has for itself: an act to take back, views, acts on many, an offer.

Each is one member's, or one team's: to everybody else it reads as not there.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from accounts.models import Team
from accounts.permissions import Viewer
from accounts.queries import viewer_for_user
from customers.models import MoveNotice
from enquiries.actions import contacts, hand_overs, moving, replies
from enquiries.channels import Channel
from enquiries.models import Contact, Enquiry
from metrics import actions_packs, pack_periods
from metrics.actions_packs import Made
from metrics.models import Pack
from teamwork import actions_together, actions_undo, actions_walls
from teamwork.models import QualityPair, QualityRound, SavedView, Undo
from tests.isolation.canaries import mark
from tests.isolation.stage import Scene
from tests.world import NOW

# Who may acknowledge that somebody of this case lives elsewhere now: who was offered it.
MOVED = "b.offered"


def own_things(scene: Scene) -> None:
    """Writes all of it."""
    agent = scene.viewer("agent")
    scene.desk["undo"] = _undo(scene, agent)
    scene.desk["together"] = _together(scene, agent)
    scene.desk["offer"] = _offer(scene)
    scene.desk["move"] = _move(scene, agent)
    hub = scene.world.organisations["hub"]
    teams = {team.slug: team for team in Team.objects.filter(organisation=hub)}
    for whose, of in (
        ("mine", {"staff": scene.users["agent"]}),
        ("team", {"team": teams["front"]}),
        ("second", {"team": teams["second"]}),
    ):
        row = SavedView.objects.create(name=whose, query="view=all", made_at=NOW, **of)
        scene.desk[f"view.{whose}"] = row.public_id
    _sample(scene)
    _packs(scene)
    _wall(scene)


def _undo(scene: Scene, agent: Viewer) -> UUID:
    reference = scene.things["a.back"].reference
    about = f"/desk/cases/{reference}/"
    with actions_undo.cases(agent, reference, words="A note", about=about, now=NOW):
        replies.note(reference=reference, viewer=agent, words="A moment ago", now=NOW)
    return Undo.objects.get().public_id


def _together(scene: Scene, agent: Viewer) -> UUID:
    key, chosen = uuid4(), [scene.things[one].reference for one in ("hub.open", "a.back")]
    actions_together.choose(
        viewer=agent, key=key, act="take", references=chosen, data={}, query="", now=NOW
    )
    return key


def _offer(scene: Scene) -> UUID:
    """A leader offers what they are in to one colleague."""
    leader = scene.viewer("leader")
    public_id = contacts.open_contact(
        channel=Channel.COUNTER, key="iso-offer", viewer=leader, site=None, now=NOW
    )
    scene.contacts["offered"] = public_id
    scene.canaries.add("hub.contact", str(public_id))
    return hand_overs.offer(
        public_id=public_id, viewer=leader, to=f"person:{scene.users['lead'].pk}",
        words="They ask about a bin", now=NOW,
    )  # fmt: skip


def _move(scene: Scene, agent: Viewer) -> UUID:
    street = scene.canaries.add(f"{MOVED}.home", mark(MOVED, "newhome"))
    moving.moved(
        viewer=agent, person=scene.things[MOVED].person, address=f"1 {street} Road\nEvesham",
        postcode="WR11 3DA", uprn="", now=NOW - timedelta(minutes=1),
    )  # fmt: skip
    return MoveNotice.objects.get(organisation=scene.body("b")).public_id


def _sample(scene: Scene) -> None:
    """One pair to be marked, and one that is nobody's: what came with it is sensitive."""
    drawn = QualityRound.objects.create(
        number=1, since=NOW.date(), until=NOW.date() + timedelta(days=1), seed="iso",
        linked_total=2, apart_total=0, rule_version="1", drawn_at=NOW, drawn_by="Iso",
    )  # fmt: skip

    def case(key: str) -> Enquiry:
        return Enquiry.objects.get(reference=scene.things[key].reference)

    said = case("b.done").first_contact_id, case("hub.sensitive").first_contact_id
    for place, contact in enumerate(said, 1):
        QualityPair.objects.create(
            round=drawn, place=place, contact=Contact.objects.get(pk=contact),
            earlier=case("a.done"), tier="",
        )  # fmt: skip


def _packs(scene: Scene) -> None:
    """The figures of a week on paper: of the whole, and of two bodies."""
    week = pack_periods.week(NOW)
    for whose, slug in (("hub", ""), ("a", scene.body("a").slug), ("b", scene.body("b").slug)):
        actions_packs.keep(week, slug, Made(b"%PDF-", 1, ("Said",)), now=NOW)
        scene.desk[f"pack.{whose}"] = Pack.objects.get(organisation=slug).public_id


def _wall(scene: Scene) -> None:
    """A screen on a wall."""
    leader = viewer_for_user(scene.users["leader"])
    assert leader is not None
    scene.desk["wall"] = actions_walls.make(viewer=leader, name="Hall", now=NOW)
