from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("agent", "AGENT"),
                    ("officer", "OFFICER"),
                    ("manager", "MANAGER"),
                    ("administrator", "ADMINISTRATOR"),
                    ("safeguarding", "SAFEGUARDING"),
                    ("editor", "EDITOR"),
                ],
                max_length=16,
            ),
        ),
    ]
