import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teamwork", "0009_together_taken_back"),
    ]

    operations = [
        migrations.CreateModel(
            name="WallScreen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ["name", "pk"]},
        ),
    ]
