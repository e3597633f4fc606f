"""A million people are found by name, sound, postcode, UPRN and the end of a number by indexes that
are made without a lock."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import customers.models.folding


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("customers", "0006_lives")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="uprn",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        AddIndexConcurrently(
            model_name="contactpoint",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("value"), name="text_pattern_ops"
                ),
                condition=models.Q(("kind", "phone")),
                name="phone_tail",
            ),
        ),
        AddIndexConcurrently(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                customers.models.folding.Words("full_name"), name="person_words"
            ),
        ),
        AddIndexConcurrently(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                customers.models.folding.Sounds("full_name"), name="person_sounds"
            ),
        ),
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    customers.models.folding.Compact("postcode"), name="text_pattern_ops"
                ),
                name="person_postcode_start",
            ),
        ),
        AddIndexConcurrently(
            model_name="person",
            index=models.Index(
                condition=models.Q(("uprn", ""), _negated=True),
                fields=["uprn"],
                name="person_uprn",
            ),
        ),
    ]
