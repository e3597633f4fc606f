from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kiosks", "0005_what_was_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="pulse",
            name="printed_ever",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        # What was heard so far counts already.
        migrations.RunSQL("UPDATE kiosks_pulse SET printed_ever = printed", migrations.RunSQL.noop),
    ]
