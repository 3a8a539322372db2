"""The papers' questions, answers, actions and outcomes as the demonstration holds them: numbered as minuted, and no person's name."""

import re
import tomllib

import pytest
from django.conf import settings

from accounts.operations import command_line_user
from budgetwatch.demonstration import committees, papers, questions, reports
from budgetwatch.demonstration.sign_ins import ensure_people
from budgetwatch.management.commands.load_demo import PAPERS
from scrutiny.committees.public import actions as public_actions
from scrutiny.committees.public import questions as public_questions
from scrutiny.models import Answer, CommitteeAction, Question, Recommendation
from services.audit import broken_chains
from services.models import AuditEntry, Council

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"
FOLDER = FIXTURES / "committees"
FILES = sorted(FOLDER.glob("*_questions.toml"))


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The councils of the papers with their committees and what was said there, loaded once for this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by = command_line_user()
        people = ensure_people(by=by)
        for slug in PAPERS:
            council = papers.load(FIXTURES / f"{slug}.toml", by=by, people=people)
            reports.load(FOLDER / f"{slug}_papers.toml", council=council, clerk=people["clerk"])
            committees.load(FOLDER / f"{slug}.toml", council=council, clerk=people["clerk"])
            questions.load(FOLDER / f"{slug}_questions.toml", council=council, clerk=people["clerk"])
        yield people
        transaction.set_rollback(True)


def council(slug):
    return Council.objects.get(slug=slug)


def asked(slug, number):
    return Question.objects.get(council__slug=slug, number=number)


def test_all_are_public_and_the_trail_is_whole(loaded):
    for slug in PAPERS:
        found = council(slug)
        assert len(public_questions.questions_of(found.pk)) == Question.objects.filter(council=found).count()
        assert (
            len(public_actions.actions_of(found.pk)) == CommitteeAction.objects.filter(council=found).count()
        )
    assert list(broken_chains()) == []


def test_hackneys_budget_questions_run_from_5_3_to_5_21_and_keep_the_figure_asked_about(loaded):
    numbers = [
        question.number
        for question in Question.objects.filter(council__slug="hackney", number__startswith="5.").order_by(
            "order"
        )
    ]
    assert numbers == [f"5.{number}" for number in range(3, 22)]
    subjects = {
        "5.4": "Corporate Parenting: variance before reserves, £4.0m over",
        "5.10": "Family Intervention and Support: variance before reserves, £1.4m over",
        "5.11": "Looked After Children and Leaving Care: variance before reserves, £943k over",
        "5.13": "Clinical Services: variance before reserves, £152k under",
        "5.14": "Domestic Abuse Intervention Service: virements, £394k",
        "5.17": "Vacancy rate saving in children's social care: target for the year, £900k",
        "5.20": "Early Years: variance before reserves, £666k over",
    }
    for number, subject in subjects.items():
        assert asked("hackney", number).subject.startswith(subject), number


def test_a_declined_answer_made_an_agreed_action(loaded):
    question = asked("hackney", "5.8")
    (answer,) = question.answers.all()
    assert (answer.code, answer.is_declined, answer.will_write) == ("DCSC", True, True)
    assert question.state == Question.State.TO_WRITE
    assert "future funding of OBIS" in question.actions.get().words


def test_the_task_groups_numbers_jump_from_6_22_to_6_33(loaded):
    question = asked("hackney", "6.22")
    assert {answer.number for answer in question.answers.all()} == {"6.33"}
    assert not Question.objects.filter(number__in=[f"6.{number}" for number in range(23, 33)]).exists()


def test_actions_a_to_e_have_their_owners(loaded):
    found = CommitteeAction.objects.filter(council__slug="hackney", reference__startswith="(").order_by(
        "order"
    )
    assert [action.reference for action in found] == ["(a)", "(b)", "(c)", "(d)", "(e)"]
    assert [len(action.owners) for action in found] == [3, 2, 1, 1, 1]
    assert [action.is_due_next_meeting for action in found] == [True, False, False, True, False]


def test_eight_outcomes_have_their_kinds_and_seven_next_steps_their_bodies(loaded):
    kinds = (
        Recommendation.objects.filter(council__slug="borough-002")
        .order_by("order")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == [
        "recommend",
        "welcome",
        "welcome",
        "note",
        "welcome",
        "welcome",
        "welcome",
        "recommend",
    ]
    last = Recommendation.objects.get(council__slug="borough-002", number="8")
    assert "next administration" in last.timescale
    steps = CommitteeAction.objects.filter(council__slug="lbbd").order_by("order")
    assert [step.reference for step in steps] == [f"5.{number}" for number in range(1, 8)]
    assert (steps[0].forum, steps[0].due_words) == ("Cabinet", "April 2015")
    assert "14 areas" in steps[2].words


def test_loading_again_changes_nothing(loaded):
    before = AuditEntry.objects.count()
    for slug in PAPERS:
        given = {"council": council(slug), "clerk": loaded["clerk"]}
        assert questions.load(FOLDER / f"{slug}_questions.toml", **given) is False
    assert AuditEntry.objects.count() == before


def test_a_file_that_names_what_is_not_there_is_refused_whole(loaded, tmp_path):
    held = Answer.objects.count()
    for text in (
        '[[items]]\ncommittee = "nobody"\nitem = "5"\n',
        '[[items]]\ncommittee = "children-and-young-people-scrutiny-commission"\nitem = "99"\n',
    ):
        path = tmp_path / "wrong.toml"
        path.write_text(text)
        with pytest.raises(questions.UnknownPlaceError, match="has no item"):
            questions.load(path, council=council("hackney"), clerk=loaded["clerk"])
    assert Answer.objects.count() == held


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nobody_is_named(path):
    """A title before a name, or a councillor by name, is how the papers name people; roles are written without."""
    words = path.read_text()
    assert not re.search(r"\b(Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s+[A-Z]", words)
    roles = {
        role
        for item in tomllib.loads(words)["items"]
        for entry in item.get("entries", ())
        for role in (entry.get("asked_by", ""), *(answer["role"] for answer in entry.get("answers", ())))
        if role
    }
    known = ("Chair", "member", "Director", "AD ", "Head", "Officers", "Cabinet Member", "Group", "Whip")
    assert [role for role in roles if not any(word in role for word in known)] == []
