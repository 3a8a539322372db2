"""Install the triggers that keep what has been published as it was published."""

from django.db import migrations

from services import triggers

TABLES = ("scrutiny_publication", "scrutiny_publishedfigure")


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.frozen_triggers(TABLES))


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.frozen_triggers(TABLES))


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
