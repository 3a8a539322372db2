"""What the documents say of the project is so."""

import re
import tomllib

import pytest

from tests.architecture.rules import ROOT

README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def named_files(text):
    """Return the paths that a text names between backticks."""
    return sorted(set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", text)))


@pytest.mark.parametrize("name", [name for name in named_files(README) if not name.startswith("var")])
def test_every_file_that_the_readme_names_is_there(name):
    assert (ROOT / name).exists()


def test_the_walk_back_from_one_number_names_its_files():
    assert len(named_files(README.split("## Follow one number")[1].split("## ")[0])) >= 12


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:`|^ {4})make (\w+)", README, flags=re.MULTILINE)))
)
def test_every_make_target_that_the_readme_names_is_there(target):
    assert f"\n{target}: " in MAKEFILE


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"manage\.py (\w+)", README + (ROOT / "deploy/README.md").read_text())))
)
def test_every_command_that_the_documents_name_is_there(command):
    from django.core.management import get_commands

    assert command in get_commands()


def test_the_locked_requirements_name_no_index():
    for name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_every_dependency_is_locked_and_says_why_it_is_there():
    source = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(source)
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = (ROOT / "requirements" / "dev.txt").read_text().lower()
    for requirement in wanted:
        name = re.match(r"[\w-]+", requirement)[0].lower()
        assert re.search(rf"^{re.escape(name)}==", locked, flags=re.MULTILINE), f"{name} is not locked"
        if requirement in project["project"]["dependencies"]:
            assert re.search(rf'"{re.escape(requirement)}",\s*#', source), f"{name} has no reason beside it"


def test_decisions_admit_their_cost():
    decisions = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert len(decisions) >= 4
    assert [path.name for path in decisions if "**Cost.**" not in path.read_text()] == []
