"""Install the triggers that keep published savings as they were published."""

from django.db import migrations

from services import triggers

TABLES = ("scrutiny_publishedsaving",)


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.frozen_triggers(TABLES))


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.frozen_triggers(TABLES))


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0006_published_savings")]
    operations = [migrations.RunPython(install, remove)]
