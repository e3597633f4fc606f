"""A carrier that only asks for patience is told apart from one that does not take a message."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0007_indexes_of_said_together"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="result",
            field=models.CharField(
                choices=[
                    ("handed", "Handed over"),
                    ("refused", "Refused"),
                    ("later", "Not taken now"),
                    ("busy", "Asked to wait"),
                    ("unclear", "No clear answer"),
                ],
                max_length=7,
            ),
        ),
    ]
