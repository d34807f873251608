"""Every day that a page says in French: the first of a month is "1er"."""

import datetime as dt

from django.utils.translation import override

from web.templatetags.habitue import day_in_words, day_of_year, full_date, short_date

NEW_YEAR = dt.date(2027, 1, 1)


def test_a_page_in_french_says_the_first_of_january_as_one_does():
    with override("fr"):
        said = [say(NEW_YEAR) for say in (full_date, short_date, day_of_year, day_in_words)]
    assert said == ["1er janvier 2027", "1er janv.", "1er janvier", "vendredi 1er janvier 2027"]
