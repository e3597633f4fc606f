from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0003_where_a_mailbox_breaks_off"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="old_uid",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
