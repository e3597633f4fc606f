"""Which ways of dealing with a service may be, and are, open to people online (BVPI 157)."""

from __future__ import annotations

from dataclasses import dataclass

from kb.models import Article, FormState, FormVersion, Service

# Of the list of interactions: what is done by reading, and by paying. Everything else is a form.
INFORMATION, PAYMENT = 8, 2


@dataclass(frozen=True, slots=True)
class Interaction:
    """One service × interaction of the catalogue; `tier` is the kind of body whose it is.

    `permissible`: nothing in law forbids doing it online. `enabled`: it can be done here today.
    """

    service: str
    tier: str
    interaction: int
    permissible: bool
    enabled: bool


def interactions() -> list[Interaction]:
    """Every pair of the services that are offered, by service and interaction.

    Information is enabled by a published answer about the service, the rest by a live form.
    Nobody can pay here yet, so no payment is.
    """
    asked = set(FormVersion.objects.filter(state=FormState.LIVE).values_list("service", flat=True))
    told = set(
        Article.objects.filter(is_published=True, service__isnull=False)
        .order_by()
        .values_list("service", flat=True)
    )
    ways = {INFORMATION: told, PAYMENT: set[int]()}
    return [
        Interaction(
            service=row.slug,
            tier=row.owner_tier,
            interaction=number,
            permissible=number not in row.not_online,
            enabled=number not in row.not_online and row.pk in ways.get(number, asked),
        )
        for row in Service.objects.filter(is_active=True).order_by("slug")
        for number in sorted(set(row.lgil))
    ]
