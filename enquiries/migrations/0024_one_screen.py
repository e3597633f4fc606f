"""How long they waited, how a contact ended, what it was offered to be about, who took it over."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_kiosks_have_a_room"),
        ("customers", "0005_how_people_are_told"),
        ("enquiries", "0023_begun_at_which_device"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AboutOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("because", models.CharField(max_length=8)),
                ("answer", models.CharField(blank=True, max_length=3)),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enquiries.contact",
                    ),
                ),
                (
                    "enquiry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enquiries.enquiry",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="enquiries.contactitem",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "rank", "pk"],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("sealed", models.TextField(blank=True)),
                ("is_cold", models.BooleanField(default=False)),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, max_length=10)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="enquiries.contact",
                    ),
                ),
                (
                    "from_user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to_team",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.team",
                    ),
                ),
                (
                    "to_user",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["offered_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="chased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="chases",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="contact",
            name="handed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="outcome",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="contact",
            name="parked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contact",
            name="queue_wait",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="contactitem",
            name="desk_answer",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.AddConstraint(
            model_name="aboutoffer",
            constraint=models.UniqueConstraint(
                fields=("contact", "enquiry"), name="about_offer_once"
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("to_user__isnull", False)),
                fields=["to_user", "offered_at"],
                name="hand_over_to_user",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("to_team__isnull", False)),
                fields=["to_team", "offered_at"],
                name="hand_over_to_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at", None)),
                fields=("contact",),
                name="hand_over_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None)),
                    models.Q(
                        ("answered_at__isnull", False), models.Q(("answer", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="hand_over_answered",
            ),
        ),
    ]
