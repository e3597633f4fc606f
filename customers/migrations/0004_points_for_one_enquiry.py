"""An address that was given on the page of one enquiry stands for that enquiry alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_address_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="for_one",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
