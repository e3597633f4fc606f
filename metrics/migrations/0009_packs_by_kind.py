"""Who wants packs says so of weeks and months apart; whoever asked before asked for weeks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("metrics", "0008_index_of_late")]

    operations = [
        migrations.AddField(
            model_name="packreader",
            name="weekly",
            field=models.BooleanField(db_default=True, default=True, null=True),
        ),
        migrations.AddField(
            model_name="packreader",
            name="monthly",
            field=models.BooleanField(null=True),
        ),
    ]
