"""Put the triggers back: SQLite makes a table anew to change its constraints, and forgets the triggers of the old one."""

from django.db import migrations

from services import triggers


def put_back(apps, schema_editor):
    triggers.remove(schema_editor.connection, triggers.working_triggers())
    triggers.install(schema_editor.connection, triggers.working_triggers())


class Migration(migrations.Migration):
    dependencies = [("services", "0003_unique_without_nulls")]
    operations = [migrations.RunPython(put_back, migrations.RunPython.noop)]
