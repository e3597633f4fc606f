"""The hub shares its own files with partners: another word for a reader, nothing in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0032_no_index_twice")]

    operations = [
        migrations.AlterField(
            model_name="attachment",
            name="seen_by",
            field=models.CharField(
                choices=[
                    ("us", "us"),
                    ("hub", "hub"),
                    ("shared", "shared"),
                    ("public", "public"),
                    ("all", "all"),
                ],
                max_length=6,
            ),
        ),
    ]
