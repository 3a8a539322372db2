"""One small council with its people, for tests of the officers' pages."""

from dataclasses import dataclass, field

from django.test import Client

from accounting.funds import Fund
from accounts.models import User
from services.models import Council, MonitoringPeriod, ServiceLine
from services.roles import Role
from tests.services.factories import (
    make_council,
    make_directorate,
    make_forecast,
    make_line,
    make_member_of,
    make_period,
    make_user,
    the_head,
    the_officer,
)

BASE = "/north-borough/working/2023-24/p7/"


@dataclass
class Office:
    """The council, its open month 7 of 2023/24, three lines, and one person of every kind."""

    council: Council
    period: MonitoringPeriod
    placements: ServiceLine
    """Budget £1,000,000, forecast £1,300,000; Children and Families."""
    fostering: ServiceLine
    """Budget £500,000, not yet forecast; Children and Families."""
    top_ups: ServiceLine
    """Budget £2,000,000, forecast £2,050,000; Education, DSG High Needs Block."""
    people: dict[str, User] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser in which this person is signed in."""
        client = Client()
        client.force_login(self.people[who])
        return client

    def line_address(self, line: ServiceLine, rest: str = "") -> str:
        """The page of a line, or what lies under it."""
        return f"{BASE}lines/{line.pk}/{rest}"


def make_office() -> Office:
    """The council as described."""
    council = make_council(is_illustration=False)
    period = make_period(council, "2023-24/p7")
    families = make_directorate(council, "Children and Families")
    placements = make_line(council, "Placements", budget="1000000", code="C01")
    fostering = make_line(council, "Fostering", budget="500000", code="C02")
    top_ups = make_line(
        council,
        "Top-ups",
        budget="2000000",
        division="Inclusion",
        directorate="Education",
        fund=Fund.DSG_HIGH_NEEDS,
        code="E01",
    )
    make_forecast(placements, period, "1300000", actual_to_date="700000")
    make_forecast(top_ups, period, "2050000")
    other = make_council("south-borough", "South Borough")
    people = {
        "officer": the_officer(council),
        "head": the_head(council),
        "holder": make_member_of(council, Role.BUDGET_HOLDER, directorate=families),
        "auditor": make_member_of(council, Role.AUDITOR),
        "administrator": make_member_of(council, Role.ADMINISTRATOR),
        "member": make_member_of(council, Role.SCRUTINY_MEMBER),
        "clerk": make_member_of(council, Role.CLERK),
        "neighbour": make_member_of(other, Role.HEAD_OF_FINANCE),
        "stranger": make_user("stranger"),
    }
    return Office(council, period, placements, fostering, top_ups, people)


def figures(form: Client, address: str, **typed: str) -> dict[str, str]:
    """What a browser sends from a line's form as it was served, with these figures typed over it."""
    served = form.get(address).context["figures"]
    sent: dict[str, str] = {}
    for bound in served:
        value = bound.value()
        sent[bound.html_name] = "" if value is None else str(value)
        if bound.field.show_hidden_initial:
            sent[bound.html_initial_name] = sent[bound.html_name]
    return sent | typed


def words(response) -> str:
    """A page's text as read, without its markup."""
    import html
    import re

    text = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(text)).strip()
