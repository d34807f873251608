"""The list of bad input, line by line, with the tests that hold each line. A name that leads to no test is a failure.

What is not there yet has its line too: it fails as soon as a module of that name appears, and then wants tests.
"""

import ast
from functools import cache

import pytest

from tests.servers import APPS, ROOT

BODIES, PURCHASES, DOOR = "api/test_bad_bodies.py::", "api/test_bad_purchases.py::", "api/test_door.py::"
FORMS = "web/test_bad_forms.py::test_nothing_that_is_typed_breaks_a_form_or_is_kept_though_it_cannot_be"
ATTACK = "api/test_attack.py::test_nothing_thrown_at_the_api_breaks_it"
CARDS, TILL, LOGOS = "members/test_cards.py::", "web/scanner/test_purchases.py::", "merchants/test_logos.py::"
NO_OBJECT = BODIES + "test_bytes_that_are_no_object"
FIELDS = PURCHASES + "test_a_field_that_cannot_be"
HEADERS = "web/test_spoofed_headers.py::"

LINES = {
    "empty bodies": [
        BODIES + "test_no_body_at_all",
        NO_OBJECT,
        FORMS,
        TILL + "test_a_form_without_its_key_is_refused",
    ],
    "huge bodies": [
        BODIES + "test_a_body_of_ten_megabytes",
        DOOR + "test_a_body_that_says_it_is_too_large_is_not_read",
        "config/test_edge.py::test_a_large_body_is_refused_unread",
        FORMS,
    ],
    "chunked bodies": [
        DOOR + "test_an_endless_chunked_body_is_read_up_to_the_limit",
        DOOR + "test_a_chunked_body_is_read_where_the_server_marks_its_end",
        HEADERS + "test_a_form_without_an_end_is_not_waited_for",
    ],
    "deeply nested bodies": [NO_OBJECT, FORMS],
    "duplicate keys": [NO_OBJECT],
    "NaN": [NO_OBJECT, PURCHASES + "test_an_amount_that_cannot_be", FORMS],
    "2^63": [PURCHASES + "test_two_to_the_power_of_63", FORMS],
    "NUL": [FIELDS, FORMS, "core/test_values.py::test_text_that_lies_or_cannot_be_kept_is_refused"],
    "lone surrogates": [
        NO_OBJECT,
        FORMS,
        TILL + "test_bytes_that_are_no_text_are_refused_and_nothing_changes",
        "web/card/test_joining.py::test_bytes_that_are_no_text_make_no_broken_member",
    ],
    "wrong types": [FIELDS, ATTACK, "api/test_members.py::test_an_enrolment_that_cannot_be"],
    "QR text of every foreign kind": [
        PURCHASES + "test_a_text_that_is_no_card",
        CARDS + "test_foreign_texts_are_refused",
        TILL + "test_what_is_no_card_is_refused_and_nothing_changes",
    ],
    "another merchant's card": [
        PURCHASES + "test_a_card_of_another_merchant",
        TILL + "test_blooms_card_at_aromas_till_is_refused_without_a_name",
        "web/scanner/test_look_up.py::test_blooms_card_shows_nothing_of_zoe",
        "web/card/test_joining.py::test_aromas_card_does_not_open_blooms_door",
    ],
    "another environment's card": [
        PURCHASES + "test_a_card_of_another_environment",
        CARDS + "test_a_code_signed_with_another_secret_is_refused",
    ],
    "an expired card": [PURCHASES + "test_an_expired_card", TILL + "test_an_expired_code_is_refused"],
    "a truncated card": [PURCHASES + "test_a_truncated_card", CARDS + "test_every_truncation_is_refused"],
    "a replayed card": [
        PURCHASES + "test_a_replayed_card",
        "api/test_declines.py::test_a_used_code_is_declined_in_the_same_bytes_for_ever",
        "web/scanner/test_declined.py::test_a_code_that_has_served_is_declined_again_in_the_same_words",
    ],
    "names with marks of direction": [FIELDS, FORMS],
    "zalgo names": [FORMS, "core/test_values.py::test_text_that_lies_or_cannot_be_kept_is_refused"],
    "emoji names": ["members/test_enrolment.py::test_real_names_are_kept_as_they_are"],
    "formulas in an exported list": [
        "web/dashboard/test_member_list.py::test_no_cell_is_a_formula",
        "web/dashboard/test_member_list.py::test_no_cell_is_a_formula_however_a_spreadsheet_parts_the_line",
    ],
    "a programme's file: encodings, depth, size": [
        "loyalty/programme/test_files.py::test_what_is_no_programme_at_all_is_refused",
        "loyalty/programme/test_files.py::test_what_is_wrong_is_told_with_its_line",
    ],
    "logos: drawings refused, bombs": [
        LOGOS + "test_what_is_no_small_picture_is_refused_and_nothing_is_kept",
        "web/dashboard/test_logo.py::test_a_file_that_is_no_logo_is_refused_at_its_field",
        "web/dashboard/test_logo.py::test_far_too_much_is_not_even_read",
    ],
    "logos: polyglots, notes of the camera, always drawn anew": [
        LOGOS + "test_nothing_that_came_with_the_picture_survives",
        LOGOS + "test_a_picture_with_holes_in_it_is_a_logo_or_refused_and_never_a_bug",
        "web/dashboard/test_logo.py::test_a_picture_named_as_a_program_is_a_picture",
    ],
    "files where none belongs": ["config/test_edge.py::test_a_file_is_refused_and_nothing_reaches_the_disk"],
    "open redirects": [
        "web/test_front.py::test_the_language_switch_leads_to_no_other_site",
        "web/test_front.py::test_signing_in_leads_to_no_other_site",
    ],
    "another merchant's ids": ["isolation/", PURCHASES + "test_another_merchants_ids_are_nobodys"],
    "mass assignment": [
        "web/test_mass_assignment.py::test_no_form_and_no_serializer_takes_all_fields",
        "web/test_mass_assignment.py::test_fields_that_the_desk_does_not_offer_change_nothing",
        "web/test_mass_assignment.py::test_an_enrolment_at_the_till_gives_what_the_programme_gives",
        "web/card/test_profile.py::test_fields_that_are_not_on_the_form_change_nothing",
        "api/test_members.py::test_what_is_not_the_callers_to_set_is_refused",
        FIELDS,
    ],
    "forms of another site": [
        HEADERS + "test_every_page_that_takes_a_form_asks_for_its_token",
        "web/card/test_profile.py::test_forms_need_their_csrf_token",
        "web/dashboard/test_doors.py::test_a_foreign_page_cannot_open_a_merchant",
        "web/dashboard/test_logo.py::test_an_upload_needs_its_token",
        "web/scanner/test_guessing.py::test_a_look_up_needs_a_form_and_its_token_and_its_address_alone_is_the_till",
    ],
    "cookies at the API": [
        "api/test_keys.py::test_no_header_another_scheme_or_a_cookie_is_no_key",
        DOOR + "test_every_answer_carries_the_headers_and_sets_no_cookie",
    ],
    "Host": [
        HEADERS + "test_another_hosts_name_opens_nothing",
        HEADERS + "test_what_a_proxy_might_say_of_the_host_is_not_read",
        DOOR + "test_a_host_that_is_not_ours",
        "web/test_mailed_links.py::test_the_host_header_writes_no_letter",
    ],
    "X-Forwarded-For": [
        "config/test_edge.py::test_the_address_is_what_our_own_proxy_heard",
        "config/test_edge.py::test_without_a_proxy_the_header_is_not_read",
        "config/test_wsgi.py::test_the_callers_address_is_read_behind_proxies",
    ],
    "enumeration by text": [
        "api/test_keys.py::test_every_bad_key_is_refused_in_the_same_words",
        "web/card/test_joining.py::test_a_members_e_mail_gets_a_code_and_the_page_tells_nothing",
        "web/card/test_coming_back.py::test_member_and_stranger_read_the_same_and_cost_the_same",
        "web/test_sign_up.py::test_an_address_that_is_taken_is_told_by_mail_and_not_by_the_page",
        "web/test_sign_up.py::test_a_wrong_password_says_the_same_for_a_stranger",
        "web/dashboard/test_invitations.py::test_the_page_answers_the_same_for_an_address_with_and_without_an_account",
        "web/scanner/test_guessing.py::test_thirty_misses_stop_typed_codes_hits_too_but_no_scan",
    ],
    "enumeration by timing": [
        "web/test_same_work.py::test_a_sign_in_of_a_stranger_hashes_as_often_as_one_of_a_member",
        "api/test_same_work.py::test_what_is_another_merchants_costs_a_program_what_nothing_costs",
        "api/test_same_work.py::test_a_wrong_secret_costs_what_a_revoked_key_costs",
        "web/card/test_coming_back.py::test_member_and_stranger_read_the_same_and_cost_the_same",
    ],
    "amounts of zero, below zero": [
        PURCHASES + "test_an_amount_that_cannot_be",
        TILL + "test_an_impossible_amount_is_refused_and_nothing_changes",
        "loyalty/purchases/test_refunding.py::test_amounts_that_are_none_are_refused",
        "loyalty/units/test_adjusting.py::test_what_cannot_be_is_refused",
    ],
    "the wrong currency": [PURCHASES + "test_a_wrong_currency"],
    "days on which the clocks change": [
        "api/test_odd_days.py::test_an_instant_is_kept_whatever_the_clocks_did",
        "api/test_odd_days.py::test_a_moment_that_could_be_two_or_none_is_refused",
        "loyalty/test_calendar.py::test_a_day_ends_where_the_next_one_begins",
        "analytics/test_rollups.py::test_a_purchase_counts_on_the_local_day",
    ],
    "requests drawn at random": [ATTACK],
}
# Of the list too, and nothing of ours takes it yet: by what the module that will is called.
NOT_YET = {
    "encodings and a million rows on import": ("members/importing", "imports", "csv_import"),
    "badly signed webhooks": ("webhooks", "webhook", "inbound"),
    "webhooks to addresses of our own (SSRF)": ("outbound", "webhooks", "deliveries"),
}


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("line", LINES)
def test_each_line_is_held_by_tests_that_there_are(line):
    assert LINES[line]
    for name in LINES[line]:
        path, _colons, test = name.partition("::")
        if test:
            assert test.startswith("test_")
            assert test in names_in(path), name
        else:
            assert list((ROOT / "tests" / path).glob("test_*.py")), name


@pytest.mark.parametrize("line", NOT_YET)
def test_a_line_for_which_there_is_nothing_yet_waits_for_it(line):
    found = [
        path
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if {path.stem, path.parent.name, f"{path.parent.name}/{path.stem}"} & set(NOT_YET[line])
    ]
    assert found == [], f"{line}: now there is something that takes it; give the line its tests"
