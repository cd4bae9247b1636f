"""Where each row of cases/bad_inputs.json is played against the real surface."""

from __future__ import annotations

from typing import Final

MAIL: Final = "tests.visits.mail.test_delivery"
LOOK: Final = "tests.visits.visitor.test_page"
BAD: Final = "tests.visits.visitor.test_bad_input"
ASK: Final = "tests.visits.request.test_bad_inputs"
WHEN: Final = "tests.visits.request.test_when"
SEND: Final = "tests.visits.request.test_sending"
BACK: Final = "tests.visits.request.test_ways_back"
HERE: Final = "tests.bad_inputs.test_surfaces"
LARGE: Final = "tests.bad_inputs.test_far_too_large"
FORMS: Final = "tests.bad_inputs.test_every_form"
LETTERS: Final = "tests.visits.mail.test_letters"
FEEDS: Final = "tests.visits.facilitators.test_feeds"
KINDS: Final = "tests.visits.meeting.test_kinds"
FILES: Final = "tests.visits.meeting.test_files"
EVERY: Final = "tests.portal.test_every_request"
DOORS: Final = "tests.portal.test_audiences"
OPENING: Final = "tests.visits.visitor.test_opening"
ANSWER: Final = "tests.visits.visitor.test_answering"
RACE: Final = "tests.visits.scheduling.test_race"

REFUSED: Final = f"{ASK}:test_it_is_refused_with_a_sentence_and_the_rest_is_kept"
TAKEN: Final = f"{ASK}:test_it_is_taken_and_shown_as_text"
NO_HARM: Final = f"{FORMS}:test_hostile_words_do_no_harm_and_are_not_lost"

PLAYED: Final[dict[str, tuple[str, ...]]] = {
    # text and Unicode
    "B001": (REFUSED, NO_HARM, f"{EVERY}:test_a_nul_in_a_form_is_said_beside_its_field"),
    "B006": (REFUSED, NO_HARM),
    "B007": (TAKEN, NO_HARM, f"{BAD}:test_invisible_signs_are_gone_from_what_is_kept"),
    "B008": (TAKEN, NO_HARM, f"{LETTERS}:test_a_name_from_right_to_left_is_kept_apart_from_its_neighbours"),
    "B009": (REFUSED, NO_HARM),
    "B010": (TAKEN, NO_HARM),
    "B014": (REFUSED, NO_HARM, "tests.portal.test_logs:test_a_control_character_is_written_as_its_code"),
    "B015": (f"{ASK}:test_a_form_that_is_no_text_is_told_so", f"{EVERY}:test_a_form_that_is_no_text_gets_a_sentence"),
    "B016": (f"{ASK}:test_a_form_that_is_far_too_long_is_told_so",),
    "B017": (f"{EVERY}:test_a_form_that_is_too_long_gets_a_sentence_with_the_limit",),
    "B019": (f"{ASK}:test_a_long_text_is_taken_whole", NO_HARM),
    "B020": (f"{ASK}:test_a_long_text_is_taken_whole", NO_HARM),
    "B022": (f"{ASK}:test_only_spaces_and_line_breaks_are_no_text",),
    "B023": (f"{ASK}:test_lines_are_counted_as_they_are_shown",),
    "B024": (TAKEN, f"{HERE}:test_a_name_that_a_program_might_take_for_nothing_is_a_name"),
    "B025": (TAKEN, NO_HARM),
    # numbers, dates, times
    "B026": (REFUSED,),
    "B029": (REFUSED, TAKEN),
    "B030": (TAKEN,),
    "B031": (f"{WHEN}:test_a_typed_day_is_never_guessed",),
    "B033": (f"{WHEN}:test_a_typed_day_is_never_guessed",),
    "B034": (f"{WHEN}:test_a_typed_day_is_never_guessed", f"{ASK}:test_a_form_with_anything_in_it_never_breaks_a_page"),
    "B035": (f"{WHEN}:test_the_three_months_are_the_same_in_rule_form_and_database",),
    "B036": (
        f"{HERE}:test_a_stay_of_more_than_five_days_cannot_be_asked_for",
        "tests.visits.planning.test_days:test_impossible_days_are_refused",
    ),
    "B037": (f"{HERE}:test_a_stay_of_more_than_five_days_cannot_be_asked_for",),
    "B038": (f"{WHEN}:test_a_typed_day_is_understood", f"{WHEN}:test_a_typed_day_is_never_guessed"),
    "B040": (
        "tests.visits.facilitators.test_away:test_a_clock_on_a_wall_shows_a_time_once_or_never_or_twice",
        "tests.visits.facilitators.test_series:test_what_cannot_come_again_is_said_and_kept_and_nothing_is_saved",
        "tests.visits.busy.test_ics:test_an_hour_that_comes_twice_is_the_first_of_the_two",
    ),
    "B045": (f"{ASK}:test_a_language_that_we_do_not_speak_is_no_trouble",),
    # addresses, links, phones
    "B048": (REFUSED,),
    "B050": (REFUSED,),
    "B052": (REFUSED, f"{ASK}:test_an_address_of_ten_thousand_labels_is_refused_at_once"),
    "B053": (TAKEN, f"{BACK}:test_finding_a_visit_mails_everything_of_that_address_in_one_mail"),
    "B055": (REFUSED, f"{MAIL}:test_a_header_that_breaks_the_line_is_held_and_has_no_second_receiver"),
    "B057": (f"{HERE}:test_an_address_of_a_website_is_text_that_leads_nowhere",),
    "B058": (f"{HERE}:test_an_address_of_a_website_is_text_that_leads_nowhere",),
    "B059": (f"{HERE}:test_an_address_of_a_website_is_text_that_leads_nowhere", NO_HARM),
    "B060": (f"{HERE}:test_an_address_of_a_website_is_text_that_leads_nowhere", NO_HARM),
    # markup, templates, mail and feeds
    "B062": (TAKEN, NO_HARM, f"{LETTERS}:test_what_people_typed_is_text_in_a_mail"),
    "B064": (TAKEN, NO_HARM, f"{LETTERS}:test_what_people_typed_is_text_in_a_mail"),
    "B066": (f"{HERE}:test_no_visitors_words_are_made_a_link_in_a_mail_to_others",),
    "B067": (f"{LETTERS}:test_a_mail_to_an_unconfirmed_address_holds_nothing_that_was_typed",),
    "B068": (f"{HERE}:test_markup_that_nests_without_end_is_text_at_once", NO_HARM),
    "B070": (f"{FEEDS}:test_characters_that_break_a_calendar_are_taken_out_and_lines_cannot_be_forged",),
    "B073": (f"{HERE}:test_a_cell_that_a_spreadsheet_would_reckon_is_read_as_text",),
    "B074": (f"{HERE}:test_a_cell_with_anything_in_it_comes_back_as_it_was",),
    "B075": ("tests.portal.test_logs:test_a_name_with_a_line_break_forges_no_second_line",),
    "B077": ("tests.visits.desk.test_queue:test_what_makes_no_sense_shows_a_list_never_an_error",),
    "B078": (
        f"{HERE}:test_a_filter_that_makes_no_sense_never_breaks_a_page",
        f"{HERE}:test_a_filter_that_is_no_text_gets_a_sentence",
    ),
    "B079": (
        f"{EVERY}:test_a_missing_page_is_said_in_the_language_of_its_address",
        f"{EVERY}:test_a_failure_of_ours_names_nothing_of_the_machine",
        f"{EVERY}:test_an_unknown_host_is_refused_in_our_layout",
    ),
    # files
    "B082": (f"{KINDS}:test_what_cannot_be_taken_is_refused_with_a_sentence",),
    "B084": (f"{HERE}:test_a_picture_of_a_billion_points_is_never_unfolded",),
    "B085": (f"{KINDS}:test_a_document_that_unfolds_without_end_is_never_unfolded",),
    "B088": (f"{KINDS}:test_what_cannot_be_taken_is_refused_with_a_sentence",),
    "B090": (f"{HERE}:test_one_file_is_taken_at_a_time_and_none_of_a_heap",),
    "B091": (f"{KINDS}:test_a_file_is_known_by_its_ending_and_its_contents",),
    "B092": (
        f"{FILES}:test_a_file_that_is_sent_twice_is_one",
        f"{FILES}:test_a_file_that_cannot_be_taken_gets_a_sentence_and_the_title_is_kept",
    ),
    "B093": (f"{HERE}:test_one_file_is_taken_at_a_time_and_none_of_a_heap",),
    "B095": (f"{HERE}:test_a_thousand_parts_of_a_file_are_the_file_once",),
    # access
    "B096": (
        f"{DOORS}:test_a_visitor_finds_nothing_of_another",
        f"{FILES}:test_each_request_for_a_file_is_asked_who_it_is",
    ),
    "B099": ("tests.visits.desk.test_queue:test_staff_without_the_permission_is_sent_away",),
    "B101": (f"{ASK}:test_a_form_of_another_draft_is_not_taken",),
    "B103": (f"{ASK}:test_other_methods_are_not_allowed", f"{LOOK}:test_looking_changes_nothing"),
    "B106": (
        "tests.style.test_about:test_the_choice_of_colours_leads_nowhere_else",
        "tests.portal.test_signing_in:test_signing_in_leads_nowhere_else",
    ),
    "B107": (f"{EVERY}:test_every_answer_carries_the_headers_that_protect",),
    "B108": (f"{HERE}:test_no_other_site_may_read_what_we_answer",),
    "B109": (f"{EVERY}:test_an_unknown_host_is_refused_in_our_layout", f"{HERE}:test_an_unknown_host_makes_no_mail"),
    "B110": (f"{HERE}:test_links_in_mail_lead_to_the_site_that_is_configured",),
    "B111": (f"{HERE}:test_a_forged_proxy_dodges_no_limit",),
    "B112": (
        f"{HERE}:test_a_page_with_what_somebody_wrote_is_in_no_shared_cache",
        f"{EVERY}:test_a_page_of_somebody_signed_in_is_kept_by_no_cache",
    ),
    # links, sign-in, enumeration
    "B114": (f"{BAD}:test_a_scanner_that_only_looks_leaves_the_link_good",),
    "B116": (
        f"{BAD}:test_what_a_mail_program_glues_to_a_link_is_forgiven",
        f"{OPENING}:test_a_link_that_was_cut_says_so",
    ),
    "B118": (
        f"{OPENING}:test_who_tries_many_wrong_links_is_asked_to_wait",
        f"{SEND}:test_guessing_links_is_slowed_down",
    ),
    "B120": (
        f"{OPENING}:test_the_session_gets_a_new_key_when_a_visit_is_opened",
        "tests.portal.test_signing_in:test_an_address_and_its_password_open_the_portal_with_a_new_session",
    ),
    "B121": (
        f"{OPENING}:test_a_link_that_is_closed_says_why_and_closes_the_page_too",
        "tests.portal.test_signing_in:test_somebody_who_left_stays_out",
    ),
    "B122": (
        f"{FEEDS}:test_a_new_address_closes_the_old_one",
        f"{FEEDS}:test_nothing_in_the_calendar_tells_how_to_reach_the_guests_or_what_they_eat",
    ),
    "B124": (
        f"{FEEDS}:test_the_secret_address_gives_the_calendar_without_signing_in_and_304_while_it_is_the_same",
    ),
    "B125": (f"{BACK}:test_a_known_and_an_unknown_address_get_the_same_answer",),
    "B126": (f"{BACK}:test_a_known_and_an_unknown_address_get_the_same_answer",),
    "B131": (
        f"{HERE}:test_looking_at_a_page_of_a_request_changes_nothing",
        f"{HERE}:test_a_scanner_that_opens_a_page_that_ends_something_ends_nothing",
    ),
    # double, stale and racing
    "B132": (
        f"{SEND}:test_of_many_presses_at_once_exactly_one_sends",
        "tests.visits.request.test_resuming:test_presses_at_the_same_moment_make_one_draft",
    ),
    "B136": (
        "tests.browser.test_by_keyboard:test_a_whole_request_by_keyboard_alone",
        "tests.browser.test_without_script:test_a_whole_request_without_javascript",
    ),
    "B137": (
        f"{HERE}:test_a_page_that_was_opened_before_midnight_is_judged_by_that_day",
        f"{HERE}:test_a_page_of_long_ago_or_of_nobody_is_judged_by_today",
    ),
    "B139": ("tests.visits.workflow.test_moves:test_the_second_of_two_colleagues_is_told_who_was_faster",),
    "B140": (f"{RACE}:test_by_four_paths_at_once_nobody_is_booked_twice",),
    "B141": (f"{RACE}:test_a_room_is_given_to_one_session_only",),
    "B145": ("tests.visits.visitor.test_race:test_of_a_yes_and_a_change_at_once_one_counts",),
    "B146": (f"{ANSWER}:test_yes_in_one_window_and_a_change_in_another_keeps_the_first",),
    "B147": (f"{MAIL}:test_several_senders_at_once_send_each_mail_once",),
    "B148": (f"{LETTERS}:test_a_mail_that_is_not_true_any_more_is_left_with_its_reason",),
    "B150": (f"{BAD}:test_an_address_that_is_no_visit_is_not_found",),
    "B151": (f"{ASK}:test_other_methods_are_not_allowed", f"{BAD}:test_other_methods_are_refused"),
    "B153": (
        f"{HERE}:test_of_one_question_with_two_answers_the_last_one_counts",
        f"{EVERY}:test_a_form_of_too_many_fields_is_refused",
    ),
    "B155": (f"{EVERY}:test_strange_headers_change_nothing",),
    "B156": (
        f"{LARGE}:test_no_address_breaks_from_its_number",
        f"{LARGE}:test_a_plain_admin_page_says_what_cannot_be_chosen",
        f"{LARGE}:test_a_visit_is_about_nothing_of_such_a_number",
    ),
}  # fmt: skip

# Rows whose surface no visitor, mail, feed or document has.
ELSEWHERE: Final[dict[str, str]] = {
    "B041": "Times of day are typed at the desk and by facilitators; a visitor types days.",
    "B043": "The hours of a session are typed at the desk.",
    "B087": "Files are put up by those who work here; the portal hands them out as downloads only.",
    "B113": "Searching and filtering are the desk's; diet and access numbers are in a table that it never searches.",
    "B128": "Passwords are chosen by those who work here; visitors have none.",
    "B129": "Accounts are made by managers; nobody is invited by a link.",
    "B142": "The desk has buttons, and nothing that is dragged.",
    "B144": "Many rows at once are changed at the desk alone.",
}
