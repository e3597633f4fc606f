"""Carry: an id in, the clock read, one call."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core import outbox
from enquiries.actions import (
    assignments,
    attachments,
    begun,
    callbacks,
    chasing,
    digests,
    escalations,
    holding,
    links,
    merging,
    moving,
    notices,
    reassuring,
    recounts,
    referrals,
    resolutions,
    scanning,
    subscriptions,
    telling_ways,
    triage,
    unfinished,
    uploads,
)


@shared_task(name="enquiries.triage")
def triage_enquiry(*, outbox_id: int) -> None:
    """Carries a new enquiry to triage."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            triage.triage(
                enquiry_id=row.args["enquiry_id"],
                send_to=row.args.get("send_to"),
                read_first=row.args.get("read_first", ""),
                is_apart=row.args.get("is_apart", False),
                now=timezone.now(),
            )


@shared_task(name="enquiries.route_again")
def route_again(*, outbox_id: int) -> None:
    """Carries an enquiry that its citizen took up again to where the rules send it."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            triage.route_again(enquiry_id=row.args["enquiry_id"], now=timezone.now())


@shared_task(name="enquiries.tasks.escalate_overdue")
def escalate_overdue() -> None:
    """Looks for promises that have passed."""
    escalations.escalate_overdue(now=timezone.now())


@shared_task(name="enquiries.tasks.chase_unfinished")
def chase_unfinished() -> None:
    """Reminds agents of contacts that they have not wrapped up, and of whom to ring now."""
    unfinished.chase(now=timezone.now())
    callbacks.remind(now=timezone.now())


@shared_task(name="enquiries.tasks.close_resolved")
def close_resolved() -> None:
    """Closes what nobody came back about."""
    resolutions.close_due(now=timezone.now())


@shared_task(name="enquiries.tasks.free_cases")
def free_cases() -> None:
    """Puts back into the queue what somebody has who left."""
    assignments.free_of_those_who_left(now=timezone.now())


@shared_task(name="enquiries.tasks.expire_offers")
def expire_offers() -> None:
    """Ends offers that nobody answered."""
    referrals.expire_due(now=timezone.now())


@shared_task(name="enquiries.tasks.send_digests")
def send_digests() -> None:
    """Tells each team in the morning what waits for it."""
    digests.send_due(now=timezone.now())


@shared_task(name="enquiries.tasks.forget_subscriptions")
def forget_subscriptions() -> None:
    """Forgets addresses of people who are told nothing (any more)."""
    subscriptions.forget(now=timezone.now())


@shared_task(name="enquiries.tasks.sweep_files")
def sweep_files() -> None:
    """Removes files whose change was rolled back."""
    attachments.sweep(now=timezone.now())


@shared_task(name="enquiries.tasks.tell_moves")
def tell_moves() -> None:
    """Tells organisations who lives elsewhere now, and reminds those that have not said so."""
    moving.tell_due(now=timezone.now())


@shared_task(name="enquiries.tasks.tell_notices")
def tell_notices() -> None:
    """Tells who follows a notice that it has ended, or that its end has moved."""
    notices.tell_due(now=timezone.now())


@shared_task(name="enquiries.tasks.let_go_held")
def let_go_held() -> None:
    """Lets go on what was held as possible spam and nobody looked at."""
    holding.let_go_due(now=timezone.now())


@shared_task(name="enquiries.scan")
def scan(*, outbox_id: int) -> None:
    """Carries a file to the virus scanner."""
    row = outbox.lease(outbox_id, seconds=scanning.LEASE_SECONDS, now=timezone.now())
    if row is not None:
        scanning.carry_out(row, now=timezone.now())


@shared_task(name="enquiries.tasks.scan_again")
def scan_again() -> None:
    """Has files scanned that have waited long, though a promise was given up."""
    scanning.ask_again(now=timezone.now())


@shared_task(name="enquiries.tasks.forget_uploads")
def forget_uploads() -> None:
    """Removes the files of forms that were not sent."""
    uploads.forget(now=timezone.now())


@shared_task(name="enquiries.tasks.reassure")
def reassure() -> None:
    """Tells people how it stands before they ask."""
    reassuring.reassure_due(now=timezone.now())


@shared_task(name="enquiries.tasks.count_chases")
def count_chases() -> None:
    """Counts when people ask, by service."""
    chasing.count(now=timezone.now())


@shared_task(name="enquiries.recount")
def recount(*, outbox_id: int) -> None:
    """Carries a change of working hours to the clocks that run on them, case by case."""
    row = outbox.lease(outbox_id, seconds=300, now=timezone.now())
    if row is not None:
        recounts.recount(organisation_id=row.args["organisation_id"], now=timezone.now())
        outbox.settle(row.id, now=timezone.now())


@shared_task(name="enquiries.say_late")
def say_late(*, outbox_id: int) -> None:
    """Tells somebody that the day is over by which they were promised an answer."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            escalations.say_late(**row.args, now=timezone.now())


@shared_task(name="enquiries.part_followers")
def part_followers(*, outbox_id: int) -> None:
    """Lets other people's reports go on when the one that they followed was withdrawn."""
    row = outbox.lease(outbox_id, seconds=300, now=timezone.now())
    if row is not None:
        links.part_followers(target_id=row.args["target_id"], now=timezone.now())
        outbox.settle(row.id, now=timezone.now())


@shared_task(name="enquiries.tasks.sweep_begun_forms")
def sweep_begun_forms() -> None:
    """Forgets forms that nobody sent."""
    begun.sweep(now=timezone.now())


@shared_task(name="enquiries.fall_back")
def fall_back(*, outbox_id: int) -> None:
    """Says another way what did not arrive."""
    with outbox.claim(outbox_id) as row:
        if row is not None:
            telling_ways.fall_back(notification_id=row.args["notification_id"], now=timezone.now())


@shared_task(name="enquiries.settle_merge")
def settle_merge(*, outbox_id: int) -> None:
    """Carries the enquiries of two people who are one, or two again, to whose they are."""
    row = outbox.lease(outbox_id, seconds=300, now=timezone.now())
    if row is not None:
        merging.settle(merge_id=row.args["merge"], now=timezone.now())
        outbox.settle(row.id, now=timezone.now())
