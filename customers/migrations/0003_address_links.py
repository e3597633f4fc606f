"""Links to a proved address, and how much a person wants to hear."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_vulnerable"),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "phone"), ("email", "email")], max_length=5
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(db_index=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="verified_how",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="person",
            name="tell_how_much",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
        migrations.CreateModel(
            name="AddressLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "phone"), ("email", "email")], max_length=5
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("language", models.CharField(default="en-gb", max_length=12)),
                ("asked_at", models.DateTimeField(db_index=True)),
                (
                    "token_digest",
                    models.CharField(blank=True, max_length=64, null=True, unique=True),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "indexes": [
                    models.Index(fields=["digest", "-asked_at"], name="address_link_asked")
                ],
            },
        ),
    ]
