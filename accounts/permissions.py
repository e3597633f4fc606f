"""Roles are code, memberships are data: what each role may do, and who is looking."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.audit import Actor


class Role(StrEnum):
    AGENT = "agent"
    LEADER = "leader"
    OFFICER = "officer"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    SAFEGUARDING = "safeguarding"
    EDITOR = "editor"


class Permission(StrEnum):
    SEE_QUEUE = "see_queue"
    HANDLE_CONTACTS = "handle_contacts"
    TRIAGE = "triage"
    REFER = "refer"
    RESOLVE = "resolve"
    SEE_PEOPLE = "see_people"
    ANSWER_REFERRALS = "answer_referrals"
    SEE_PERFORMANCE = "see_performance"
    ADMINISTER = "administer"
    # Read what everybody may know, to answer citizens: published answers and notices.
    READ_ANSWERS = "read_answers"
    # Write and publish what citizens and agents read: of one's own organisation.
    EDIT_ANSWERS = "edit_answers"
    # Write and publish what services ask everywhere. What differs in an area is written with
    # EDIT_ANSWERS, by the organisation whose area it is (kb.forms_access).
    EDIT_FORMS = "edit_forms"
    # Outages and planned works that everybody reads: a partner's are its own, the hub's anybody's.
    WRITE_NOTICES = "write_notices"
    # Write what messages say: a body's managers in its name, the hub's administrators for all.
    WRITE_MESSAGES = "write_messages"
    # Say what a contact costs: one's own organisation; the hub anybody's.
    ENTER_COSTS = "enter_costs"
    # Say what a figure should be, and what happened on a day: of one's own organisation; the hub
    # of all.
    SET_TARGETS = "set_targets"
    # Print and post letters: of one's own print room.
    PRINT_LETTERS = "print_letters"
    # Write what happens by itself, and several acts in one key: of one's own teams of the hub;
    # administrators of all.
    WRITE_RULES = "write_rules"
    # See how one's colleagues at the front door stand, give their work to others, say what they can
    # do, and mark samples of links.
    LEAD_TEAM = "lead_team"
    # Sensitive services (kb.Service.sensitive): read a case whose reference one has, and find one.
    HANDLE_SENSITIVE = "handle_sensitive"
    SEE_SENSITIVE = "see_sensitive"


class Scope(StrEnum):
    """What an API token may be used for."""

    CREATE = "enquiries:create"
    READ = "enquiries:read"
    REFERRALS = "referrals:answer"


_HUB_DESK = frozenset(
    {
        Permission.SEE_QUEUE,
        Permission.HANDLE_CONTACTS,
        Permission.TRIAGE,
        Permission.REFER,
        Permission.RESOLVE,
        Permission.SEE_PEOPLE,
    }
)

_SENSITIVE = frozenset({Permission.HANDLE_SENSITIVE, Permission.SEE_SENSITIVE})

# A manager of the hub decides whose a disputed case is: takes it, and sends it to somebody. Who
# asked, and what ends it, stays with those who speak to people. A lead for safeguarding holds
# that role beside another one.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _HUB_DESK | {Permission.HANDLE_SENSITIVE, Permission.READ_ANSWERS},
    Role.LEADER: _HUB_DESK
    | {
        Permission.HANDLE_SENSITIVE,
        Permission.READ_ANSWERS,
        Permission.SEE_PERFORMANCE,
        Permission.WRITE_RULES,
        Permission.LEAD_TEAM,
    },
    Role.OFFICER: frozenset({Permission.ANSWER_REFERRALS, Permission.READ_ANSWERS}),
    Role.MANAGER: frozenset(
        {
            Permission.READ_ANSWERS,
            Permission.SEE_PERFORMANCE,
            Permission.ENTER_COSTS,
            Permission.SET_TARGETS,
            Permission.SEE_QUEUE,
            Permission.TRIAGE,
            Permission.REFER,
            Permission.WRITE_NOTICES,
            Permission.WRITE_MESSAGES,
            Permission.PRINT_LETTERS,
            Permission.WRITE_RULES,
            Permission.LEAD_TEAM,
        }
    ),
    Role.ADMINISTRATOR: _HUB_DESK
    | {
        Permission.SEE_PERFORMANCE,
        Permission.ENTER_COSTS,
        Permission.SET_TARGETS,
        Permission.ADMINISTER,
        Permission.READ_ANSWERS,
        Permission.EDIT_ANSWERS,
        Permission.EDIT_FORMS,
        Permission.WRITE_NOTICES,
        Permission.WRITE_MESSAGES,
        Permission.PRINT_LETTERS,
        Permission.WRITE_RULES,
        Permission.LEAD_TEAM,
    },
    Role.SAFEGUARDING: _SENSITIVE,
    Role.EDITOR: frozenset(
        {
            Permission.READ_ANSWERS,
            Permission.EDIT_ANSWERS,
            Permission.EDIT_FORMS,
            Permission.WRITE_NOTICES,
        }
    ),
}

# The shared queue and the people in it belong to the front door: a role in a partner
# organisation never opens them, whatever its name.
HUB_ONLY = (
    _HUB_DESK
    | _SENSITIVE
    | {Permission.ADMINISTER, Permission.EDIT_FORMS, Permission.WRITE_RULES}
    | {Permission.LEAD_TEAM}
)

# A token of another system answers referrals by its scope, as an officer would.
SCOPE_GRANTS: dict[Scope, frozenset[Permission]] = {
    Scope.CREATE: frozenset(),
    Scope.READ: frozenset(),
    Scope.REFERRALS: frozenset({Permission.ANSWER_REFERRALS}),
}


def granted(roles: frozenset[Role], *, is_hub: bool) -> frozenset[Permission]:
    """Everything that these roles may do in an organisation."""
    allowed: frozenset[Permission] = frozenset().union(*(GRANTS[role] for role in roles))
    return allowed if is_hub else allowed - HUB_ONLY


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: a member of staff, another system, or the product itself.

    Queries take the viewer first and show nothing outside its organisation unless it works
    for the hub.
    """

    kind: str
    id: int | None
    name: str
    organisation_id: int | None = None
    organisation_slug: str = ""
    organisation_name: str = ""
    organisation_kind: str = ""
    is_hub: bool = False
    roles: frozenset[Role] = frozenset()
    team_ids: frozenset[int] = frozenset()
    site_id: int | None = None
    site_name: str = ""
    permissions: frozenset[Permission] = field(default=frozenset())
    scopes: frozenset[Scope] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Whether this viewer holds the permission."""
        return permission in self.permissions

    @property
    def reads_sensitive(self) -> bool:
        """Whether this viewer reads a sensitive case that it came to by its reference."""
        return not _SENSITIVE.isdisjoint(self.permissions)

    @property
    def actor(self) -> Actor:
        """The name under which the ledger remembers what this viewer does."""
        return Actor(self.kind, self.id, self.name, self.organisation_id)


SYSTEM_VIEWER = Viewer(
    kind="system", id=None, name="The hub", is_hub=True, permissions=frozenset(Permission)
)
