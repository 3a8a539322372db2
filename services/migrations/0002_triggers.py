"""Install the triggers that keep the audit trail append-only, frozen tables frozen and closed periods closed."""

from django.db import migrations

from services import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, triggers.working_triggers())


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.working_triggers())


class Migration(migrations.Migration):
    dependencies = [("services", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
