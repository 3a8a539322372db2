"""The code keeps its own rules; each rule is first shown to catch a bad example."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.rules import PACKAGES, ROOT, name_of, python_files

APPS = ("accounts", "services", "demand", "savings", "scrutiny", "budgetwatch")
MONEY = ("accounting", "services", "demand", "savings", "scrutiny")
SHORT = ("accounting", "presentation", "services", "demand", "savings", "scrutiny", "accounts", "budgetwatch")

# Files outside operations and models that may write, each with its reason.
MAY_WRITE = {
    "budgetwatch/copies/on_sqlite.py": "copies the whole database and puts a copy back, outside the application",
    "budgetwatch/copies/on_postgres.py": "the same, on PostgreSQL",
    "budgetwatch/copies/fingerprint.py": "reads every table by name, so its SQL is made, not written",
    "scrutiny/committees/minutes_printing.py": "saves a Word document into memory, and nothing into the database",
    "services/triggers.py": "makes the database's own protection of append-only tables; run by migrations",
}

# Files that import a slow package at the top, because all they hold rests on it; only the job worker imports them.
MAY_BE_SLOW = {"presentation/pdf/fetching.py": "subclasses WeasyPrint's fetcher"}


def check(rule, files):
    """Apply a rule to files and fail with everything it finds."""
    found = {name_of(path): problems for path in files if (problems := rule(path.read_text()))}
    assert not found, "\n" + "\n".join(
        f"{name}: {problem}" for name, problems in found.items() for problem in problems
    )


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (rules.arithmetic, "after = forecast - budget"),
        (rules.arithmetic, "total += line.amount"),
        (rules.arithmetic, "total = sum(amounts)"),
        (rules.arithmetic, "shown = round(amount)"),
        (rules.arithmetic, "total = lines.aggregate(Sum('amount'))"),
        (rules.writes, "forecast.save()"),
        (rules.writes, "Forecast.objects.create(line=line)"),
        (rules.writes, "lines.filter(pk=1).update(amount=0)"),
        (rules.writes, "Forecast.objects.bulk_create(rows)"),
        (rules.writes, "cursor.execute('DELETE FROM services_forecast')"),
        (rules.writes, "cursor.execute(sql)"),
        (rules.floats, "amount = float(text)"),
        (rules.float_literals, "share = amount * 0.5"),
        (rules.slow_imports, "import pandas"),
        (rules.slow_imports, "try:\n    from plotly import graph_objects\nexcept ImportError:\n    pass"),
        (rules.slow_imports, "class A:\n    import weasyprint.text"),
        (rules.too_long, "\n" * 301),
        (rules.too_long, "def f():\n" + "    x = 1\n" * 41),
        (rules.template_arithmetic, "{{ budget|add:forecast }}"),
        (rules.template_arithmetic, "{% widthratio a b 100 %}"),
        (rules.inline_code, "<script>alert(1)</script>"),
        (rules.inline_code, '<td style="color: red">'),
        (rules.inline_code, '<button onclick="go()">'),
        (rules.machine_traces, "see /" + "home/someone/x"),
        (rules.machine_traces, "--index-url https://py" + "pi.org/simple"),
    ],
)
def test_a_rule_catches_its_bad_example(rule, bad):
    assert len(rule(bad)) == 1


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        (
            rules.arithmetic,
            "heading = 'Month ' + name; path = folder / 'file'; rows = rows + [total]; kind = A | B",
        ),
        (rules.writes, "context.update({'a': 1}); digest.update(part); cursor.execute('SELECT 1')"),
        (rules.floats, "amount = Decimal('0.5')"),
        (rules.float_literals, "amount = Decimal('0.5')"),
        (rules.slow_imports, "def f():\n    import pandas\nif TYPE_CHECKING:\n    import plotly"),
        (rules.too_long, "def f():\n    '''Doc.\n" + "    more\n" * 40 + "    '''\n    return 1"),
        (rules.template_arithmetic, "{{ amount|money }}"),
        (
            rules.inline_code,
            '<script type="module" src="a.js"></script><script id="x" type="application/json">{}</script>',
        ),
        (rules.machine_traces, "var/budgetwatch.sqlite3 and https://budget.example.gov.uk/home/page"),
    ],
)
def test_a_rule_lets_its_good_example_pass(rule, good):
    assert rule(good) == []


def test_views_and_tables_work_nothing_out():
    check(
        rules.arithmetic,
        [path for path in python_files(*APPS) if path.stem in {"views", "tables"} or "views" in path.parts],
    )


def test_writes_stand_in_operations_and_models_only():
    def may_write(path):
        return (
            path.stem in {"operations", "models"}
            or {"operations", "models"} & set(path.parts)
            or name_of(path) in MAY_WRITE
        )

    check(rules.writes, [path for path in python_files(*APPS) if not may_write(path)])


def test_files_excused_from_a_rule_still_need_it():
    assert [name for name in MAY_WRITE if not rules.writes((ROOT / name).read_text())] == []
    assert [name for name in MAY_BE_SLOW if not rules.slow_imports((ROOT / name).read_text())] == []


def test_money_never_passes_through_a_float():
    check(rules.floats, python_files(*MONEY))
    check(
        rules.float_literals,
        [path for path in python_files(*MONEY) if "accounting" in path.parts or "position" in path.parts],
    )


def test_slow_packages_are_imported_where_they_are_needed():
    check(rules.slow_imports, [path for path in python_files(*PACKAGES) if name_of(path) not in MAY_BE_SLOW])


def test_starting_the_site_loads_no_slow_package():
    code = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "print(*sorted({'pandas', 'plotly', 'weasyprint'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_files_and_functions_are_short_enough_to_read():
    check(rules.too_long, python_files(*SHORT))


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_templates_work_nothing_out():
    check(rules.template_arithmetic, TEMPLATES)


def test_pages_hold_no_script_and_no_style_of_their_own():
    check(rules.inline_code, TEMPLATES)


def repository_files() -> list[Path]:
    """Return what is, or would be, committed."""
    if (ROOT / ".git").exists() and (git := shutil.which("git")):
        command = [git, "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not {".venv", "var", "__pycache__"} & set(path.parts)
    ]


def test_the_repository_names_no_machine_and_no_package_index():
    found = {}
    for path in repository_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if problems := rules.machine_traces(text):
            found[name_of(path)] = problems
    assert found == {}
