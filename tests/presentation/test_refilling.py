"""What was typed goes back into the form it was typed into, and into no other."""

from presentation.refilling import refill
from tests.support.forms import _Forms

PAGE = """<!doctype html><main id="main" tabindex="-1">
<form method="post" action="/other/"><input name="amount" value="1"></form>
<details><summary>Add</summary>
<form method="post" action="/here/#part" novalidate>
  <input type="hidden" name="csrfmiddlewaretoken" value="fresh">
  <input type="hidden" name="version" value="9"><input type="hidden" name="initial-amount" value="5">
  <input type="text" name="amount" value="5" class="money">
  <textarea name="words" rows="3">
before &amp; after</textarea>
  <select name="kind"><option value="">Choose</option><option value="a" selected>A</option><option value="b">B</option></select>
  <input type="checkbox" name="agreed" value="yes"><input type="checkbox" name="kept" checked>
  <input type="radio" name="how" value="1" checked><input type="radio" name="how" value="2">
</form></details>
<form id="row" method="post" action="/row/"></form>
<table><tr><td><input type="text" form="row" name="line-4-outturn" value="10"></td></tr></table>
</main>"""


def sent(page, address):
    """What a browser would send from the form of this address."""
    reader = _Forms()
    reader.feed(page)
    return next(fields for action, fields in reader.forms if action.split("#")[0] == address)


def test_every_kind_of_entry_is_filled_and_the_token_stays_fresh():
    typed = [
        ("csrfmiddlewaretoken", "old"),
        ("version", "3"),
        ("initial-amount", "4"),
        ("amount", '1,234 "quoted" <b>'),
        ("words", "mine </textarea><script>alert(1)</script>\nsecond line"),
        ("kind", "b"),
        ("agreed", "yes"),
        ("how", "2"),
    ]
    filled = refill(PAGE, address="/here/", page_address="/page/", fields=typed)
    assert filled.unseen == ()
    assert "<script>" not in filled.page
    assert sent(filled.page, "/here/") == {
        "csrfmiddlewaretoken": "fresh",
        "version": "3",
        "initial-amount": "4",
        "amount": '1,234 "quoted" <b>',
        "words": "mine </textarea><script>alert(1)</script>\nsecond line",
        "kind": "b",
        "agreed": "yes",
        "how": "2",
    }
    assert sent(filled.page, "/other/") == {"amount": "1"}


def test_a_form_that_is_folded_away_is_opened_and_can_be_gone_to():
    filled = refill(PAGE, address="/here/", page_address="/page/", fields=[("amount", "7")])
    assert "<details open>" in filled.page
    assert '<span id="typed-before"></span><form method="post" action="/here/#part"' in filled.page


def test_an_entry_in_a_table_row_belongs_to_the_form_that_it_names():
    filled = refill(PAGE, address="/row/", page_address="/page/", fields=[("line-4-outturn", "12")])
    assert 'form="row" name="line-4-outturn" value="12"' in filled.page


def test_entries_that_the_page_has_no_place_for_are_sent_with_it_and_named():
    filled = refill(
        PAGE, address="/here/", page_address="/page/", fields=[("amount", "7"), ("legs-5-amount", "8")]
    )
    assert filled.unseen == ("legs-5-amount",)
    assert sent(filled.page, "/here/")["legs-5-amount"] == "8"


def test_of_several_forms_to_one_address_the_one_that_takes_most_is_filled():
    page = '<form><input name="a"></form><form><input name="a"><input name="b"></form>'
    filled = refill(page, address="/page/", page_address="/page/", fields=[("a", "1"), ("b", "2")])
    assert filled.page.endswith('<input name="a" value="1"><input name="b" value="2"></form>')
    assert filled.page.startswith('<form><input name="a"></form>')


def test_a_page_without_that_form_is_left_alone():
    assert refill(PAGE, address="/gone/", page_address="/page/", fields=[("amount", "7")]) is None
    assert refill("<p>No form</p>", address="/x/", page_address="/x/", fields=[("a", "7")]) is None
