"""Files of installed packages: those few that pages need, and no others."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from presentation import assets


def test_plotly_and_the_typeface_are_found():
    for address in ("vendor/plotly.min.js", "vendor/fonts/SourceSansPro-Regular.ttf"):
        assert Path(finders.find(address)).is_file()


@pytest.mark.parametrize(
    "address",
    [
        "vendor/widgetbundle.js",
        "vendor/datasets/iris.csv.gz",
        "vendor/../vendor/plotly.min.js",
        "vendor/fonts/LICENSE.txt",
        "vendor/fonts/../plotly.min.js",
        "vendor/",
        "plotly.min.js",
    ],
)
def test_nothing_else_of_a_package_is_served(address):
    assert assets.InstalledPackageFinder().find(address) == []


def test_collecting_files_for_production_lists_exactly_those():
    listed = {f"{storage.prefix}/{name}" for name, storage in assets.InstalledPackageFinder().list(None)}
    assert len(listed) == 7
    assert "vendor/plotly.min.js" in listed
    assert all(storage.exists(name) for name, storage in assets.InstalledPackageFinder().list([]))
    assert not list(assets.InstalledPackageFinder().list(["*"]))


def test_every_weight_of_the_typeface_has_its_file():
    assert assets.font_path(weight=600).name == "SourceSansPro-Semibold.ttf"
    assert assets.font_path(weight=400, italic=True).name == "SourceSansPro-It.ttf"
    assert all(path.is_file() for path in assets.font_paths().values())


def test_every_file_that_the_style_sheets_name_is_there():
    import re

    css = Path(finders.find("css/tokens.css")).read_text()
    for address in re.findall(r'url\("\.\./(.+?)"\)', css):
        assert finders.find(address), address


def test_a_missing_package_says_what_to_do():
    with pytest.raises(assets.AssetMissingError, match=r"no_such_package is not installed.*make setup"):
        assets._package_folder("no_such_package", "files")


def test_the_colours_of_drawings_are_those_of_pages():
    from presentation import swatches

    css = Path(finders.find("css/tokens.css")).read_text()
    for name in ("INK", "QUIET", "RULE", "PAPER", "ACCENT", "OVER", "UNDER", "WARNING", "RESERVES"):
        assert f"--{name.lower()}: {getattr(swatches, name).lower()};" in css
