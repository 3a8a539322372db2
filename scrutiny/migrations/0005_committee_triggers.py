"""Install the triggers that keep a sealed pack sealed and the steps and fetches as they were written."""

from django.db import migrations

from services import triggers

FROZEN = ("scrutiny_actionstep", "scrutiny_packfetch")


def kept():
    sealed = "A sealed pack is never changed."
    content = "An attached file is never changed: withdraw it and attach another."
    return [
        *triggers.frozen_triggers(FROZEN, because="is a record of what was done and"),
        triggers.Trigger("scrutiny_pack", "scrutiny_pack_sealed_update", "BEFORE UPDATE", "OLD.state = 'sealed'", sealed),
        triggers.Trigger("scrutiny_pack", "scrutiny_pack_sealed_delete", "BEFORE DELETE", "OLD.state = 'sealed'", sealed),
        triggers.Trigger(
            "scrutiny_itemdocument",
            "scrutiny_itemdocument_same_file",
            "BEFORE UPDATE",
            "OLD.digest <> NEW.digest OR OLD.content <> NEW.content",
            content,
        ),
    ]


def install(apps, schema_editor):
    triggers.install(schema_editor.connection, kept())


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection, kept())


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0004_committees")]
    operations = [migrations.RunPython(install, remove)]
