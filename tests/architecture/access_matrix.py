"""Who may do what: every route, by role. A route that is missing here fails the suite."""

from __future__ import annotations

from typing import NamedTuple

ROLES = ("nobody", "bea", "carlos", "ana", "admin")
"""Nobody is signed in; Bea's phone joined Ana's table; Carlos organises another event."""

IN = "in"
"""Let through: whatever the answer is, it is no refusal for who they are."""
SIGN_IN = "sign in"
"""Sent to sign in: 303 there for a page, 401 for anything else."""
NO = "no"
"""403: known, and not theirs."""
HIDDEN = "hidden"
"""404: they may not even know that it exists."""
JOIN = "join"
"""401: only a device that joined a table."""

Cells = tuple[str, str, str, str, str]
EVERYBODY: Cells = (IN, IN, IN, IN, IN)
SIGNED_IN: Cells = (SIGN_IN, SIGN_IN, IN, IN, IN)
OWN_EVENT: Cells = (SIGN_IN, SIGN_IN, HIDDEN, IN, IN)
ADMINS: Cells = (SIGN_IN, SIGN_IN, NO, NO, IN)
A_DEVICE: Cells = (JOIN, IN, JOIN, JOIN, JOIN)


class Row(NamedTuple):
    """The cells of one endpoint in the order of ROLES, for each of its methods; and why."""

    cells: Cells
    why: str = ""


PUBLIC = {
    "static": "style sheets, fonts, scripts and pictures",
    "static_version": "the same, with an address that changes with each release",
    "board.home": "the season's count, for everybody",
    "board.live": "an event's count, for everybody; a private event's address is its key",
    "board.hall": "the same, on the hall's screen",
    "board.tally": "the same, as the fragment that those two poll",
    "board.tally_json": "the same, for other people's programs",
    "board.campaign_tally": "the season's count, as a fragment",
    "board.totals_json": "the same, for other people's programs",
    "board.healthz": "whether the server is well; says nothing else",
    "campaigns.list_cases": "who is written for",
    "campaigns.show_case": "a case's story, and what to write",
    "campaigns.case_card": "the same, to print and to lay on a table",
    "campaigns.show_picture": "a portrait; its address is made of what it shows",
    "outcomes.good_news": "what became of those who were written for",
    "outcomes.good_news_feed": "the same, for feed readers",
    "outcomes.history": "the totals of past years",
    "outcomes.colours": "the section's colours, said by the address itself",
    "outcomes.how": "how the marathon works",
    "board.list_events": "where one can go and write",
    "board.show_event": "one event; a private one's address is its key",
    "guides.guide": "what volunteers, organisers and admins do; holds nothing of anybody's",
    "events.calendar": "the same, for a calendar",
    "signups.choose_list": "whoever may see an event may sign up for it",
    "signups.sign_up": "the same; limited by network and event",
    "signups.mailed": "what everybody reads who gave an address",
    "signups.seats": "how many seats are left; never a name",
    "signups.show_link": "whoever holds a sign-up's private link; 256 bits that nobody guesses",
    "signups.change_party": "the same",
    "signups.cancel": "the same",
    "signups.accept": "the same",
    "signups.own_address": "the same",
    "signups.erase": "the same; only with its box ticked",
    "signups.link_calendar": "the same, for a calendar",
    "signups.download": "the same: everything held about this sign-up",
    "board.preview": "the same, as the picture that goes with its link",
    "hosts.organise": "anybody may offer to hold an event; limited by network",
    "hosts.thanks": "what everybody reads who did",
    "events.join": "whoever holds a table's code may join it",
    "events.join_code": "the same, by the code in the address",
    "accounts.sign_in": "it is how one becomes somebody",
    "accounts.sign_in_post": "the same; limited by address and network",
    "accounts.sign_out": "pressed by nobody it does nothing",
    "accounts.choose_language": "what one reads is one's own; kept in the browser alone",
    "accounts.invited": "whoever holds an invitation's link; it works once",
    "accounts.forgot_password": "whoever forgot theirs; says nothing of who is here",
    "accounts.new_password": "whoever holds a person's link to a new password; it works once",
}
"""What anybody may see or do, each with the reason."""

MATRIX: dict[str, Row] = {
    **{endpoint: Row(EVERYBODY, why) for endpoint, why in PUBLIC.items()},
    # A device sees and logs at its own table; not even an admin does so in its name.
    "letters.table_page": Row(A_DEVICE),
    "letters.log_press": Row(A_DEVICE),
    "letters.take_back_press": Row(A_DEVICE),
    "letters.table_token": Row(A_DEVICE),
    # Everybody who signs in.
    "board.desk": Row(SIGNED_IN, "shows one's own events alone"),
    "events.new_event": Row(SIGNED_IN),
    "accounts.account": Row(SIGNED_IN),
    "accounts.sign_out_there": Row(
        (SIGN_IN, SIGN_IN, HIDDEN, IN, HIDDEN), "Ana's own session: an admin's power ends here"
    ),
    "accounts.sign_out_everywhere": Row(SIGNED_IN),
    "accounts.confirm_password": Row(SIGNED_IN),
    "accounts.confirm_password_post": Row(SIGNED_IN),
    "accounts.edit_account": Row(SIGNED_IN),
    "accounts.change_password": Row(SIGNED_IN),
    # Whose event it is, and admins.
    "board.desk_event": Row(OWN_EVENT),
    "board.thank_guests": Row(OWN_EVENT),
    "events.edit_event": Row(OWN_EVENT),
    "events.open_event": Row(OWN_EVENT),
    "events.close_event": Row(OWN_EVENT),
    "events.cancel_event": Row(OWN_EVENT),
    "events.hold_after_all": Row(OWN_EVENT),
    "events.copy_event": Row(OWN_EVENT),
    "signups.names": Row(OWN_EVENT),
    "signups.delete_names": Row(OWN_EVENT),
    "signups.export_csv": Row(OWN_EVENT, "every name of the event; asks for the password"),
    "signups.export_xlsx": Row(OWN_EVENT, "the same"),
    "guides.event_guide": Row(OWN_EVENT),
    "events.poster": Row(OWN_EVENT, "of young people's events it tells the place"),
    "events.shut_joining": Row(OWN_EVENT),
    "events.tables": Row(OWN_EVENT),
    "events.add_table": Row(OWN_EVENT),
    "events.edit_table": Row(OWN_EVENT),
    "events.renew_code": Row(OWN_EVENT),
    "events.table_card": Row(OWN_EVENT),
    "events.table_cards": Row(OWN_EVENT),
    "events.revoke_device": Row(OWN_EVENT),
    "events.organisers": Row(OWN_EVENT),
    "events.remove_organiser": Row(
        (SIGN_IN, SIGN_IN, HIDDEN, IN, HIDDEN), "Ana lets Gustav go; an admin then finds nobody"
    ),
    "events.revoke_organiser_invitation": Row(
        (SIGN_IN, SIGN_IN, HIDDEN, IN, HIDDEN), "Ana takes it back; an admin then finds none"
    ),
    "letters.desk_letters": Row(OWN_EVENT),
    "letters.log_at_desk": Row(OWN_EVENT),
    "letters.answer_entry": Row(OWN_EVENT),
    "letters.mend_letters": Row(OWN_EVENT),
    "letters.undo_mending": Row(OWN_EVENT),
    # Who is on an event's lists: whose event it is, and admins.
    "signups.desk_sign_ups": Row(OWN_EVENT, "names"),
    "signups.add_by_hand": Row(OWN_EVENT),
    "signups.mend_sign_ups": Row(OWN_EVENT),
    "signups.undo_sign_ups": Row(OWN_EVENT),
    "signups.add_usual_list": Row(OWN_EVENT),
    "signups.new_list": Row(OWN_EVENT),
    "signups.edit_list": Row(OWN_EVENT),
    "signups.order_lists": Row(OWN_EVENT),
    **{
        f"signups.{endpoint}": Row(OWN_EVENT)
        for endpoint in (
            "door",
            "tap",
            "add_walk_in",
            "count_heads",
            "choose_counting",
            "use_as_people",
            "sheet",
            "sign_in_sheet",
            "helper_rota",
        )
    },
    # The section's admins.
    "campaigns.section": Row(ADMINS),
    "campaigns.edit_campaign": Row(ADMINS),
    "campaigns.section_cases": Row(ADMINS),
    "campaigns.new_case": Row(ADMINS),
    "campaigns.edit_case": Row(ADMINS),
    "campaigns.pause_case": Row(ADMINS),
    "campaigns.resume_case": Row(ADMINS),
    "hosts.hosts": Row(ADMINS, "offers hold names and addresses"),
    "hosts.approve": Row(ADMINS),
    "hosts.decline": Row(ADMINS),
    "hosts.new_host": Row(ADMINS),
    "hosts.host": Row(ADMINS),
    "hosts.import_hosts": Row(ADMINS),
    "hosts.forget_host": Row(ADMINS),
    "accounts.people": Row(ADMINS),
    "accounts.person": Row(ADMINS),
    "accounts.change_role": Row(ADMINS),
    "accounts.end_access": Row(ADMINS),
    "accounts.restore_access": Row(ADMINS),
    "accounts.issue_password_link": Row(ADMINS),
    "accounts.invite": Row(ADMINS),
    "accounts.import_people": Row(ADMINS),
    "accounts.invitations": Row(ADMINS),
    "accounts.invitation_links": Row(ADMINS),
    "accounts.invitation": Row(ADMINS),
    "accounts.renew_invitation": Row(ADMINS),
    "accounts.revoke_invitation": Row(ADMINS),
    # Before there is anybody the first step is everybody's; tests/setup looks at that.
    "setup.begin": Row(ADMINS),
    "setup.begin_post": Row(ADMINS),
    "setup.section": Row(ADMINS),
    "setup.next_steps": Row(ADMINS),
    "upkeep.all_right": Row(ADMINS),
    "upkeep.ask_for": Row(ADMINS),
    "upkeep.audit": Row(ADMINS),
    "upkeep.outbox": Row(ADMINS),
    "upkeep.settle_parked": Row(ADMINS),
    "upkeep.send_test_mail": Row(ADMINS),
    "campaigns.choose_language": Row(ADMINS),
    "campaigns.translate_case": Row(ADMINS),
    "campaigns.remove_translation": Row(ADMINS),
    "campaigns.move_case": Row(ADMINS),
    "campaigns.export_cases": Row(ADMINS),
    "campaigns.import_file": Row(ADMINS),
    "campaigns.import_preview": Row(ADMINS, "and nobody else's file but one's own"),
    "campaigns.drop_import": Row(ADMINS),
    **{
        f"letters.{endpoint}": Row(ADMINS)
        for endpoint in ("kinds", "name_kind", "move_kind", "hide_kind", "regroup_kind")
    },
    "hosts.regions": Row(ADMINS),
    "hosts.rename_region": Row(ADMINS),
    "hosts.remove_region": Row(ADMINS),
    "demo.practise": Row(ADMINS, "invented cases, to look into"),
    "campaigns.bring_case_over": Row(ADMINS),
    "campaigns.put_portrait": Row(ADMINS),
    "campaigns.remove_portrait": Row(ADMINS),
    **{
        f"outcomes.{endpoint}": Row(ADMINS)
        for endpoint in (
            "section_outcomes",
            "new_outcome",
            "edit_outcome",
            "remove_outcome",
            "section_history",
            "new_total",
            "edit_total",
            "remove_total",
            "import_totals",
            "settings",
            "put_logo",
            "remove_logo",
            "edit_text",
            "drop_text",
        )
    },
}
