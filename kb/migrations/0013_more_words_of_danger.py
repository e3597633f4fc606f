from django.db import migrations

MORE = {
    "life": (
        "want to die",
        "wants to die",
        "wanted to die",
        "wish to die",
        "wish i was dead",
        "wish i were dead",
        "better off dead",
        "hurt myself",
        "hurting myself",
        "harm myself",
        "harming myself",
        "self harm",
    ),
}


def add(apps, schema_editor):
    """Adds the words that are missing; what editors wrote stays."""
    table = apps.get_model("kb", "Danger").objects
    for slug, phrases in MORE.items():
        danger = table.filter(slug=slug).first()
        if danger is None:
            continue
        known = [one.strip() for one in danger.words.split(",") if one.strip()]
        more = [one for one in phrases if one not in known]
        table.filter(slug=slug).update(words=", ".join([*known, *more]))


class Migration(migrations.Migration):
    dependencies = [("kb", "0012_writers_of_drafts")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
