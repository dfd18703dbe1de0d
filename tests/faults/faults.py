"""What can go wrong with shared files, and the tests that notice when it is not provided for.

One row for each fault: what must happen, and tests that fail without it, below `tests`.
"""

from __future__ import annotations

BAD_INPUT: dict[int, tuple[str, list[str]]] = {
    1: (
        "A file with nothing in it, or only remarks or dashes, is read and is no problem.",
        [
            "faults/test_gaps.py::test_a_file_with_nothing_in_it_is_no_problem",
            "formats/markdown/test_body.py::test_front_matter",
            "formats/yaml/test_load.py::test_values_are_those_of_yaml_1_2",
        ],
    ),
    2: (
        "Front matter that never ends is a problem, and hides no action below it.",
        ["formats/markdown/test_body.py::test_front_matter_that_is_never_closed_hides_no_task"],
    ),
    3: (
        "Byte order mark, every kind of line end and a missing last one stay as they are.",
        [
            "editing/test_patch.py::test_no_other_byte_changes_whatever_the_line_ends",
            "editing/test_markdown.py::test_every_kind_of_line_and_line_end",
            "editing/test_yaml.py::test_line_ends_are_kept",
            "formats/test_file_record.py::test_decoding_loses_nothing",
        ],
    ),
    4: (
        "Tabs, keys that come twice, further documents, merge keys and foreign tags are problems "
        "with their place.",
        [
            "formats/yaml/test_load.py::test_what_is_wrong_is_told_with_its_place",
            "faults/test_gaps.py::test_a_merge_key_is_a_problem_where_it_stands",
        ],
    ),
    5: (
        "A day that no calendar has, endless numbers and values of the wrong kind are problems.",
        [
            "formats/test_file_record.py::test_bad_front_matter_is_one_problem_and_hides_no_action",
            "documents/test_models.py::test_a_wrong_value_is_one_fault_and_costs_itself",
        ],
    ),
    6: (
        "Times, yes and no, and numbers with a leading zero mean what YAML 1.2 says.",
        ["formats/yaml/test_load.py::test_values_are_those_of_yaml_1_2"],
    ),
    7: (
        "Nesting, aliases and sizes that would eat time or memory are refused cheaply.",
        [
            "formats/yaml/test_load.py::test_a_hostile_document_costs_little",
            "formats/yaml/test_load.py::test_what_is_wrong_is_told_with_its_place",
            "storage/test_walk.py::test_reading_stops_at_the_limit",
            "formats/markdown/test_scanner.py::test_deep_nesting_ends_in_text",
        ],
    ),
    8: (
        "What is too large or no UTF-8 text is a problem, and is never written back.",
        [
            "formats/test_file_record.py::test_what_is_no_utf_8_is_a_problem_where_it_begins",
            "editing/test_patch.py::test_files_that_are_read_only",
            "storage/test_write.py::test_what_is_no_file_or_too_large_is_refused",
        ],
    ),
    9: (
        "Task items in code, comments and front matter are no actions.",
        [
            "formats/markdown/test_body.py::test_examples_are_no_actions",
            "formats/markdown/test_scanner.py::test_no_task_items",
        ],
    ),
    10: (
        "Signs that some programs take for line ends move no line: the right one is ticked.",
        [
            "formats/markdown/test_body.py::test_signs_that_end_no_line_move_no_task",
            "editing/test_patch.py::test_an_edit_changes_its_own_line_and_nothing_else",
            "formats/markdown/test_scanner.py::test_lines_end_at_cr_and_lf_only",
        ],
    ),
    11: (
        "The marks of an unresolved merge are told, and the file is only read.",
        [
            "formats/test_file_record.py::test_an_unresolved_merge_is_told_once_and_its_actions_are_shown",
            "editing/test_patch.py::test_files_that_are_read_only",
        ],
    ),
    12: (
        "Pipes, sockets, devices and folders with a file's name are never waited for.",
        [
            "storage/test_walk.py::test_what_is_no_file_is_a_problem_and_never_opened",
            "storage/test_write.py::test_what_is_no_file_or_too_large_is_refused",
            "pty/test_broken.py::test_everything_else_is_on_screen",
        ],
    ),
}

CONCURRENT_EDITS: dict[int, tuple[str, list[str]]] = {
    13: (
        "An action that has moved is found again, or the edit is refused.",
        [
            "editing/test_patch.py::test_the_line_is_found_where_it_is_now",
            "editing/test_patch.py::test_an_edit_of_another_version_touches_no_other_task",
            "faults/test_machine.py::TestCrowd",
        ],
    ),
    14: (
        "An action that was reworded, or whose twin went, is left alone, and both texts are shown.",
        [
            "editing/test_patch.py::test_what_is_not_what_was_seen_is_not_touched",
            "editing/test_patch.py::test_a_twin_that_came_or_went_is_refused",
            "tui/test_failed_edits.py::test_a_failed_edit_is_listed_and_can_be_retried",
            "tui/test_typed_edits.py::test_an_old_wish_never_touches_a_reworded_line",
        ],
    ),
    15: (
        "What somebody else has ticked already is said to be done, and not written.",
        [
            "editing/test_patch.py::test_what_is_done_already_is_said",
            "tui/test_typed_edits.py::test_a_wish_that_came_true_elsewhere_is_said_and_not_written",
        ],
    ),
    16: (
        "A file that was deleted or renamed meanwhile is not made anew.",
        [
            "storage/test_write.py::test_a_missing_file_is_not_made",
            "storage/test_write_races.py::test_a_file_deleted_at_any_step_is_not_made_anew",
            "faults/test_machine.py::TestCrowd",
        ],
    ),
    17: (
        "What somebody saves between our look and our write is still there afterwards.",
        [
            "storage/test_write_races.py::test_an_edit_at_any_step_survives",
            "storage/test_write_races.py::"
            "test_a_crowd_of_edits_loses_nothing_where_a_naive_write_does",
            "faults/test_stress.py::test_nothing_that_anybody_saves_is_lost",
            "faults/test_stress.py::test_the_control_loses_what_others_save",
            "faults/test_machine.py::TestCrowd",
        ],
    ),
    18: (
        "While an editor saves in place, what was known stays known until the file is whole.",
        [
            "faults/test_gaps.py::test_the_old_view_stays_while_somebody_has_the_file_open_for_writing",
            "pty/test_changes.py::test_the_screen_follows_and_the_selection_stays",
        ],
    ),
    19: (
        "What two dashboards write both lands, and what one has done the other never reopens.",
        [
            "faults/test_gaps.py::test_what_two_dashboards_tick_is_done_and_stays_so",
            "faults/test_machine.py::TestCrowd",
            "storage/test_write.py::test_writers_in_threads_and_processes_wait_for_each_other",
        ],
    ),
    20: (
        "Of many fast presses the last one counts, and one writer works on a file at a time.",
        [
            "tui/test_typed_edits.py::test_of_many_presses_the_last_wish_wins",
            "pty/test_ticking.py::test_many_fast_presses_end_as_the_last_one_wished",
            "storage/test_write.py::test_writers_in_threads_and_processes_wait_for_each_other",
        ],
    ),
    21: (
        "Our own writing is no news, and moves neither the selection nor the list.",
        [
            "faults/test_gaps.py::test_what_we_write_ourselves_is_no_news",
            "tui/test_typed_edits.py::test_a_ticked_action_stays_in_place_until_the_pane_is_left",
            "pty/test_ticking.py::"
            "test_space_ticks_the_action_in_its_file_and_space_again_restores_the_bytes",
        ],
    ),
    22: (
        "A tick that an editor saves its older buffer over is told, and made again by one key.",
        [
            "tui/test_failed_edits.py::test_an_overwritten_tick_is_listed_and_can_be_retried",
            "faults/test_stress.py::test_nothing_that_anybody_saves_is_lost",
        ],
    ),
}

LEFTOVERS: dict[int, tuple[str, list[str]]] = {
    23: (
        "The copies that sync tools make are told at their original, and counted nowhere.",
        [
            "storage/test_walk_names.py::test_a_conflict_copy_names_its_original",
            "storage/test_walk_names.py::test_a_name_people_may_choose_counts_only_beside_its_original",
            "workspace/test_folders.py::test_a_conflict_copy_is_no_second_session",
        ],
    ),
    24: (
        "What editors, sync tools and version control leave lying about is not seen.",
        [
            "storage/test_walk_names.py::test_ignored",
            "storage/test_walk.py::test_leftovers_of_other_programs_are_not_seen",
            "storage/test_watch.py::test_leftovers_of_editors_and_version_control_wake_nobody",
        ],
    ),
    25: (
        "Names that some systems take for the same are told.",
        [
            "storage/test_walk.py::test_names_that_not_every_system_can_tell_apart",
            "storage/test_walk.py::test_twin_folders_are_one_problem_each_whatever_is_in_them",
        ],
    ),
    26: (
        "A file that is still in the cloud is told, and nothing waits for it.",
        ["storage/test_walk.py::test_a_file_left_in_the_cloud_is_a_problem"],
    ),
}

FILE_SYSTEM: dict[int, tuple[str, list[str]]] = {
    27: (
        "Where there is no room or no right to write, all is as before, and it is said why.",
        [
            "storage/test_write_system.py::test_a_full_disk_and_one_that_is_read_only",
            "storage/test_write.py::test_an_error_on_the_way_leaves_the_old_file_alone",
            "storage/test_write.py::test_a_file_or_folder_that_may_only_be_read",
            "pty/test_ticking.py::test_a_read_only_folder_keeps_its_bytes_and_says_why",
            "tui/test_failed_edits.py::test_a_failed_edit_can_be_dismissed",
        ],
    ),
    28: (
        "Where the disk cannot say that it has the bytes, nothing counts as saved.",
        [
            "storage/test_write.py::test_an_error_from_the_last_sync_puts_the_old_file_back",
            "storage/test_write_system.py::test_an_error_at_any_system_call_is_said_and_costs_nothing",
            "faults/test_strace.py::test_an_error_while_a_file_with_two_names_is_rewritten",
            "faults/test_strace.py::test_an_error_while_a_file_is_rewritten_by_way_of_a_link",
        ],
    ),
    29: (
        "Killed at any moment, a write leaves the old file or the new one, or both side by side.",
        [
            "storage/test_write_system.py::"
            "test_killed_at_any_system_call_leaves_the_old_file_or_the_new",
            "faults/test_strace.py::test_killed_while_a_file_with_two_names_is_rewritten",
            "faults/test_strace.py::test_killed_while_a_file_is_rewritten_by_way_of_a_link",
            "faults/test_strace.py::test_killed_while_a_file_is_made",
            "faults/test_strace.py::"
            "test_killed_while_the_words_that_a_kill_has_left_are_brought_to_light",
        ],
    ),
    30: (
        "Mode, owner, links and attributes are what they were.",
        [
            "storage/test_write.py::test_mode_and_attributes_stay",
            "storage/test_write.py::test_hard_links_stay_one_file",
            "storage/test_write.py::"
            "test_what_a_new_file_could_not_be_given_stays_because_the_old_file_does",
            "faults/test_strace.py::test_killed_while_a_file_is_rewritten_by_way_of_a_link",
        ],
    ),
    31: (
        "A link inside is followed and kept; one that leads out is neither read nor written.",
        [
            "storage/test_write.py::test_a_link_inside_stays_a_link",
            "storage/test_write.py::test_nothing_outside_is_written",
            "storage/test_walk.py::test_links_that_lead_out_are_one_problem_each",
        ],
    ),
    32: (
        "Paths that climb, or begin at the top, lead nowhere, wherever they are written.",
        [
            "storage/test_walk.py::test_paths_that_climb_go_nowhere",
            "faults/test_gaps.py::test_nothing_in_a_file_starts_a_program_or_opens_another_file",
        ],
    ),
    33: (
        "An error in the middle of a look at the folder costs what it concerns and no more.",
        [
            "storage/test_walk.py::test_an_error_half_way_costs_one_entry",
            "workspace/test_builder.py::test_a_file_that_cannot_be_read_costs_itself",
        ],
    ),
}

WATCHING: dict[int, tuple[str, list[str]]] = {
    34: (
        "Without any events every change is found, two in one moment among them.",
        [
            "storage/test_watch.py::test_without_events_it_says_so_and_finds_two_edits_in_one_moment",
            "storage/test_watch.py::"
            "test_an_edit_that_leaves_no_trace_in_the_stamp_is_reported_by_a_second_look",
            "storage/test_watch.py::test_a_drive_that_others_change_unseen_is_said_to_be_swept_only",
        ],
    ),
    35: (
        "A full queue, a limit, an odd name, or a folder that goes and comes back blinds nobody.",
        [
            "storage/test_watch.py::test_an_overflowing_queue_leads_to_a_sweep",
            "storage/test_watch.py::test_the_limit_of_watches_leaves_the_sweeps",
            "storage/test_watch.py::test_a_name_that_is_no_utf8_blinds_nobody",
            "storage/test_watch.py::test_a_root_that_goes_and_comes_back",
            "pty/test_changes.py::test_the_root_is_deleted_and_made_anew",
            "pty/test_changes.py::test_the_root_is_renamed_and_comes_back",
            "pty/test_changes.py::test_another_folder_takes_the_place_of_the_root",
        ],
    ),
    36: (
        "Folders that are made at once with a file in the last one are looked into.",
        [
            "storage/test_watch.py::test_folders_made_with_a_file_in_them",
            "storage/test_watch.py::test_a_file_made_before_its_new_folder_is_watched_is_found",
        ],
    ),
    37: (
        "A switch of branches is one change, and what is selected stays so.",
        [
            "storage/test_watch.py::test_a_switch_of_branches_is_one_batch",
            "pty/test_git.py::test_a_branch_switch_over_many_files",
        ],
    ),
    38: (
        "An editor that deletes and makes a file anew makes nothing flicker.",
        [
            "storage/test_watch.py::"
            "test_an_editor_that_moves_the_file_away_and_makes_it_anew_deletes_nothing",
            "pty/test_editors.py::test_vim_saves_many_times_without_a_flicker",
        ],
    ),
    39: (
        "Links that go round in a circle, or to the top of the disk, end.",
        [
            "storage/test_walk.py::test_links_inside_are_followed_once_and_loops_end",
            "storage/test_walk.py::test_links_that_lead_out_are_one_problem_each",
        ],
    ),
    40: (
        "A clock that is set back and a machine that sleeps hide no change.",
        [
            "faults/test_gaps_live.py::"
            "test_after_a_sleep_and_with_a_clock_set_back_everything_is_noticed",
            "storage/test_walk.py::test_stamp_tells_an_edit_even_if_size_and_time_are_set_back",
        ],
    ),
}

HOSTILE: dict[int, tuple[str, list[str]]] = {
    41: (
        "Nothing that a file, a name or an error says reaches the terminal as a control.",
        [
            "faults/test_gaps_live.py::test_no_control_that_a_file_brings_reaches_the_terminal",
            "pty/test_broken.py::test_hostile_words_do_not_reach_the_terminal",
            "tui/test_hostile_text.py::test_hostile_words_on_every_screen",
            "tui/test_hostile_text.py::test_hostile_words_in_what_is_said",
            "tui/test_hostile_text.py::test_no_word_reaches_a_widget_but_through_the_room_for_it",
            "model/test_sanitize.py::test_nothing_that_acts_on_a_terminal_survives",
            "hostile_content/test_hostile.py::test_the_command_ends_well",
        ],
    ),
    42: (
        "What looks like the screen's own markup is shown as it is written.",
        [
            "tui/test_hostile_text.py::test_hostile_words_on_every_screen",
            "tui/test_hostile_text.py::test_no_word_reaches_a_widget_but_through_the_room_for_it",
        ],
    ),
    43: (
        "No link is ever opened.",
        [
            "faults/test_gaps.py::test_nothing_opens_a_link",
            "faults/test_gaps_live.py::test_no_control_that_a_file_brings_reaches_the_terminal",
            "faults/test_gaps_live.py::test_opening_and_using_the_dashboard_starts_no_program",
        ],
    ),
    44: (
        "An editor gets an absolute path as one argument, whatever the file is called.",
        [
            "faults/test_gaps.py::test_an_editor_gets_one_argument_that_cannot_be_an_option",
            "cli/test_cli.py::test_names_that_begin_with_a_dash",
        ],
    ),
    45: (
        "Settings in the folder can name no command, no plug-in and no path outside.",
        [
            "faults/test_gaps.py::test_nothing_in_a_file_starts_a_program_or_opens_another_file",
            "faults/test_gaps_live.py::test_opening_and_using_the_dashboard_starts_no_program",
        ],
    ),
    46: (
        "Opening and using the dashboard starts no program, whatever git's configuration says.",
        [
            "faults/test_gaps_live.py::test_opening_and_using_the_dashboard_starts_no_program",
            "pty/test_git.py::test_opening_the_dashboard_leaves_the_repository_alone",
            "faults/test_hostile_git.py::"
            "test_nothing_in_a_repository_starts_a_program_or_opens_another_file",
        ],
    ),
}

UNDER_LOAD: dict[int, tuple[str, list[str]]] = {
    55: (
        "A file that somebody holds open for writing is unfinished: its old view stays.",
        [
            "storage/test_watch.py::test_a_file_is_reported_once_it_is_closed_and_others_meanwhile",
            "storage/test_watch.py::test_a_file_that_stays_open_is_reported_in_the_end",
            "storage/test_walk.py::test_reading_waits_for_somebody_who_is_writing",
            "storage/test_write_races.py::"
            "test_a_file_that_is_half_written_is_changed_once_it_is_complete",
            "workspace/test_folders.py::"
            "test_a_half_written_file_keeps_its_old_view_until_it_is_closed",
            "cli/test_cli.py::test_done_in_a_file_that_somebody_is_writing",
        ],
    ),
    56: (
        "A writer that never pauses does not starve an edit, and loses no line.",
        [
            "storage/test_write_races.py::"
            "test_somebody_who_writes_during_every_change_does_not_starve_it",
            "storage/test_write_races.py::"
            "test_an_appender_that_never_rests_starves_no_edit_and_loses_no_line",
            "storage/test_write_races.py::"
            "test_appending_more_often_than_a_large_file_is_parsed_starves_no_edit",
        ],
    ),
    58: (
        "A page sends keys and sizes within limits, and its dashboard ends with it.",
        [
            "web/test_server.py::test_only_what_the_terminal_of_a_page_sends_is_an_event",
            "web/test_server.py::test_a_paste_without_an_end_ends_the_dashboard",
            "web/test_server.py::test_a_page_that_is_closed_ends_a_dashboard_with_input_left",
            "web/test_server.py::test_a_page_that_sends_too_much_is_closed",
            "web/test_server.py::test_what_is_no_http_is_not_reported",
        ],
    ),
    59: (
        "An edit that cannot be undone says so when it is made.",
        [
            "cli/test_cli.py::test_an_edit_that_cannot_be_undone_says_so",
            "service/test_service.py::test_an_edit_that_is_not_recorded_says_so",
            "service/test_service.py::test_an_edit_too_large_to_be_undone_says_so",
            "history/test_journal.py::"
            "test_of_a_list_that_is_too_long_the_newest_edits_are_read_and_none_is_lost",
            "history/test_journal.py::test_a_list_that_another_process_keeps_locked_is_not_written",
        ],
    ),
}

FAULTS = {
    **BAD_INPUT,
    **CONCURRENT_EDITS,
    **LEFTOVERS,
    **FILE_SYSTEM,
    **WATCHING,
    **HOSTILE,
    **UNDER_LOAD,
}
