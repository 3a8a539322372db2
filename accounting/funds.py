"""Funds: money that may not be added together.

The Dedicated Schools Grant is ring-fenced to the Schools Budget (DSG conditions of grant); its variance never offsets the General
Fund's. Its four blocks are funds of their own, under DSG as a whole.
"""

from collections.abc import Iterable
from enum import StrEnum


class FundMismatchError(ValueError):
    """Positions of different funds were added."""

    def __init__(self, first: "Fund", second: "Fund") -> None:
        super().__init__(
            f"{first.label} and {second.label} are separate funds: their figures cannot be added together."
        )


class FundFormatError(ValueError):
    """The text names no fund."""


class Fund(StrEnum):
    """A ring-fence around money."""

    GENERAL_FUND = "general_fund"
    DSG = "dsg"
    DSG_SCHOOLS = "dsg_schools"
    DSG_CENTRAL = "dsg_central_school_services"
    DSG_EARLY_YEARS = "dsg_early_years"
    DSG_HIGH_NEEDS = "dsg_high_needs"
    RING_FENCED_GRANT = "ring_fenced_grant"

    @property
    def label(self) -> str:
        """As pages name it."""
        return _LABELS[self]

    @property
    def whole(self) -> "Fund":
        """The fund whose total this belongs to: DSG for its blocks, otherwise itself."""
        return Fund.DSG if self.is_dsg else self

    @property
    def is_dsg(self) -> bool:
        """Whether this is the Dedicated Schools Grant or one of its blocks."""
        return self.value.startswith("dsg")

    def may_be_counted_in(self, total: "Fund") -> bool:
        """Whether a figure of this fund may enter a total of that one."""
        return total in (self, self.whole)

    @classmethod
    def parse(cls, text: str) -> "Fund":
        """Read a fund as papers write it: General Fund, GF, DSG, High Needs Block, DSG – Early Years."""
        folded = "".join(character for character in text.lower() if character.isalpha())
        for fund, names in _SPELLINGS.items():
            if folded in names:
                return fund
        known = ", ".join(fund.label for fund in cls)
        raise FundFormatError(f"“{text}” is not a fund. The funds are: {known}.")


_LABELS = {
    Fund.GENERAL_FUND: "General Fund",
    Fund.DSG: "Dedicated Schools Grant",
    Fund.DSG_SCHOOLS: "DSG Schools Block",
    Fund.DSG_CENTRAL: "DSG Central School Services Block",
    Fund.DSG_EARLY_YEARS: "DSG Early Years Block",
    Fund.DSG_HIGH_NEEDS: "DSG High Needs Block",
    Fund.RING_FENCED_GRANT: "Other ring-fenced grant",
}
_SPELLINGS = {
    Fund.GENERAL_FUND: {"generalfund", "gf", "general"},
    Fund.DSG: {"dsg", "dedicatedschoolsgrant"},
    Fund.DSG_SCHOOLS: {"dsgschools", "dsgschoolsblock", "schoolsblock"},
    Fund.DSG_CENTRAL: {
        "dsgcentral", "dsgcentralschoolservices", "dsgcentralschoolservicesblock", "centralschoolservices",
        "centralschoolservicesblock", "cssb",
    },
    Fund.DSG_EARLY_YEARS: {"dsgearlyyears", "dsgearlyyearsblock", "earlyyearsblock", "eyb"},
    Fund.DSG_HIGH_NEEDS: {"dsghighneeds", "dsghighneedsblock", "highneedsblock", "highneeds", "hnb"},
    Fund.RING_FENCED_GRANT: {"ringfencedgrant", "otherringfencedgrant", "grant", "ringfenced"},
}  # fmt: skip


def common_fund(funds: Iterable[Fund]) -> Fund:
    """The one fund that all of these are; `FundMismatchError` if they differ, `ValueError` if there are none."""
    found = list(funds)
    if not found:
        raise ValueError("A total needs at least one position to know its fund.")
    for fund in found[1:]:
        if fund is not found[0]:
            raise FundMismatchError(found[0], fund)
    return found[0]
