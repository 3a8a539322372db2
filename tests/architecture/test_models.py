"""Every record says whether it may change."""

import pytest
from django.apps import apps

from tests.architecture import rules
from tests.architecture.rules import PACKAGES

MODELS = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def test_there_are_models_to_ask():
    assert {"User"} <= {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_record_says_whether_it_is_editable_append_only_or_frozen(model):
    assert rules.undeclared_mutability(model) == []


def test_a_record_that_does_not_say_is_noticed():
    class Silent:
        pass

    class Inherits(type("Base", (), {"mutability": "editable"})):
        pass

    class Wrong:
        mutability = "sometimes"

    assert all(rules.undeclared_mutability(model) for model in (Silent, Inherits, Wrong))
