"""Carried by Celery: the clock is read here, the work is in what each calls."""

from celery import shared_task
from django.utils import timezone

from desk import packs_made, samples_drawn


@shared_task(name="desk.tasks.send_packs")
def send_packs() -> None:
    """Make the packs of figures that are due, and tell who wants them."""
    packs_made.send_due(now=timezone.now())


@shared_task(name="desk.tasks.draw_sample")
def draw_sample() -> None:
    """Draw the sample of links of the month that has ended, for two people to mark."""
    samples_drawn.draw_due(now=timezone.now())
