"""Imports point down the list of packages; import-linter proves it, and is shown to notice when they do not."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.rules import ROOT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder):
    return subprocess.run([str(LINT), "--no-cache"], capture_output=True, text=True, check=False, cwd=folder)


def test_the_projects_imports_keep_their_contracts():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_an_import_that_points_up_is_noticed(tmp_path):
    for package, text in (("lower", "import upper\n"), ("upper", "")):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text(text)
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_packages =\n    lower\n    upper\n"
        "[importlinter:contract:1]\nname = Layers\ntype = layers\nlayers =\n    upper\n    lower\n"
    )
    done = lint(tmp_path)
    assert done.returncode == 1
    assert "lower is not allowed to import upper" in done.stdout


def test_the_contract_lists_the_packages_in_the_agreed_order():
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = [
        contract["layers"] for contract in configuration["contracts"] if contract["type"] == "layers"
    ]
    assert layers == [
        "budgetwatch",
        "scrutiny",
        "savings | demand",
        "services",
        "accounts",
        "presentation",
        "accounting",
    ]
