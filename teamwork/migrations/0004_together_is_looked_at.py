"""What is chosen together is looked at before it is done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teamwork", "0003_views_skills_together"),
    ]

    operations = [
        migrations.AlterField(
            model_name="together",
            name="state",
            field=models.CharField(
                choices=[
                    ("looking", "Being looked at"),
                    ("shown", "Looked at"),
                    ("running", "Under way"),
                    ("stopped", "Stopped"),
                    ("done", "Done"),
                ],
                default="looking",
                max_length=7,
            ),
        ),
        migrations.AlterField(
            model_name="togetheritem",
            name="state",
            field=models.CharField(
                choices=[
                    ("chosen", "Chosen"),
                    ("waiting", "Waiting"),
                    ("done", "Done"),
                    ("refused", "Refused"),
                    ("left", "Left out"),
                ],
                default="chosen",
                max_length=7,
            ),
        ),
    ]
