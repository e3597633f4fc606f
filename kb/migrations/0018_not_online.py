"""Interactions of a service that the law wants done otherwise than online (BVPI 157)."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kb", "0017_said_at_the_desk"),
    ]

    operations = [
        migrations.AddField(
            model_name="service",
            name="not_online",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
    ]
