"""Install the triggers that keep versions as they were written and lock updates with their period."""

from django.db import migrations

from savings import triggers as of_savings
from services import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, of_savings.every_trigger())


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, of_savings.every_trigger())


class Migration(migrations.Migration):
    dependencies = [("savings", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
